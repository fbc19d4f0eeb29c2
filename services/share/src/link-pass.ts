import { createHmac, timingSafeEqual } from 'node:crypto';

/** How long a password need not be given again. */
export const passMs = 3_600_000;

function seal(passwordHash: string, linkId: string, untilMs: number): Buffer {
  return createHmac('sha256', passwordHash).update(`driftbox link pass 1 ${linkId} ${untilMs}`).digest();
}

/** What shows for an hour that a link's password was given. It is keyed by the password's hash: another password, and it is void. */
export function makePass(passwordHash: string, linkId: string, nowMs: number): { pass: string; untilMs: number } {
  const untilMs = nowMs + passMs;
  return { pass: `${untilMs}.${seal(passwordHash, linkId, untilMs).toString('base64url')}`, untilMs };
}

/** True for a pass of this link and password that has not ended. */
export function isPass(pass: string, passwordHash: string, linkId: string, nowMs: number): boolean {
  const [, until, sealed] = /^([0-9]{1,15})\.([A-Za-z0-9_-]{43})$/.exec(pass) ?? [];
  if (until === undefined || sealed === undefined || Number(until) <= nowMs) return false;
  return timingSafeEqual(Buffer.from(sealed, 'base64url'), seal(passwordHash, linkId, Number(until)));
}
