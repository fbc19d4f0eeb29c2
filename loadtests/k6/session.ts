import exec from 'k6/execution';
import { plan } from './given-plan.ts';
import type { LoadUser } from './plan.ts';
import { jsonOf, send } from './send.ts';

/** What of a sign-in is used on. */
export type SignedIn = { readonly accessToken: string; readonly expiresAt: string; readonly refreshToken: string };

/** An access token, and until when it is good. */
type Session = Pick<LoadUser, 'accessToken' | 'expiresAtMs'>;

const earlyMs = 60_000;
const sessions = new Map<number, Session>();

/** Whom this virtual user is: several of them may be one person with several devices. */
export function whoAmI(): { readonly index: number; readonly user: LoadUser } {
  const index = exec.vu.idInTest % plan.users.length;
  const user = plan.users[index];
  if (user === undefined) throw new Error('the plan has no users');
  return { index, user };
}

/** Signs in with the password. */
export function logIn({ email, password, deviceId }: LoadUser): SignedIn | undefined {
  const body = JSON.stringify({ email, password, device: { deviceId, name: 'load', kind: 'other' } });
  const answer = send({ route: 'logIn', method: 'POST', path: '/v1/login', body });
  return answer === undefined ? undefined : jsonOf<SignedIn>(answer);
}

/** A token that is good for another minute; signs in again where the last one is not. */
export function tokenOf(index: number, user: LoadUser): string {
  return sessionOf(index, user).accessToken;
}

/** The same with its end. */
export function sessionOf(index: number, user: LoadUser): Session {
  const kept = sessions.get(index) ?? user;
  if (kept.expiresAtMs > Date.now() + earlyMs) return kept;
  const signedIn = logIn(user);
  if (signedIn === undefined) return kept;
  const session = { accessToken: signedIn.accessToken, expiresAtMs: Date.parse(signedIn.expiresAt) };
  sessions.set(index, session);
  return session;
}
