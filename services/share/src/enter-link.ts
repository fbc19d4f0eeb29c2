import { parseDriveId, type DriveId, type EntryId, type TenantId } from '@driftbox/domain';
import { Problem, routes, type AnswerOf, type Routes } from '@driftbox/protocol';
import { hashSecret } from '@driftbox/service-kit';
import { asHolder } from './acting.ts';
import type { Context } from './context.ts';
import { isPass } from './link-pass.ts';
import { linkState, policyObjection } from './link-state.ts';
import { isToken } from './link-token.ts';
import { termsOf } from './present-link.ts';
import { findByToken } from './store/find-link.ts';
import type { LinkRow } from './store/link-row.ts';
import { moveLink } from './store/update-link.ts';

/** Somebody at the door with a link. */
export type Visit = {
  readonly tenantId: TenantId;
  readonly token: string;
  readonly pass: string | undefined;
  readonly address: string;
  readonly signal: AbortSignal;
};

/** What metadata says of an entry at or below a link's own. */
export type Described = AnswerOf<Routes['describeLinked']>;

/** One answer for a link that never was, was revoked, has ended, or leads to what is gone: a token tells nothing else. */
export const noLink = (): Problem => new Problem('not_found', 'There is no such link, or it has ended');

/** The link of a token, whatever its terms. Throws `not_found`, or `rate_limited` after too many that were of none. */
export async function findLink(context: Context, { tenantId, token, address, signal }: Visit): Promise<LinkRow> {
  const { rows } = await context.database.withTenant<LinkRow>(tenantId, findByToken, [tenantId, hashSecret(token)], { signal });
  const [link] = rows;
  if (link !== undefined && isToken(token, link.tokenHash)) return link;
  context.metrics.refused.inc({ reason: 'token' });
  context.guesses.miss(address);
  throw noLink();
}

/** Throws `not_found` for a link that has expired. */
export function requireTime(context: Context, link: LinkRow): void {
  if (link.expiresMs !== null && link.expiresMs <= context.nowMs()) throw noLink();
}

/** Throws `unauthenticated` unless the link has no password or its password was given within the hour. */
export function requirePass(context: Context, link: LinkRow, pass: string | undefined): void {
  if (needsPassword(context, link, pass)) throw new Problem('unauthenticated', 'This link needs its password');
}

export function needsPassword(context: Context, link: LinkRow, pass: string | undefined): boolean {
  const { passwordHash, linkId } = link;
  return passwordHash !== null && (pass === undefined || !isPass(pass, passwordHash, linkId, context.nowMs()));
}

/**
 * Opens a link in its role, for the entry it names or one below: by its own terms, by its password, by what its creator may still
 * share, and by the tenant's policy as it is now. Throws `not_found` and `unauthenticated`.
 */
export async function enterLink(
  context: Context,
  visit: Visit,
  role: LinkRow['role'],
  entry?: EntryId,
): Promise<{ link: LinkRow; described: Described }> {
  const link = await findLink(context, visit);
  if (link.role !== role || linkState(termsOf(link), context.nowMs()) !== 'active') throw noLink();
  requirePass(context, link, visit.pass);
  return describe(context, visit, link, entry ?? link.entryId);
}

/**
 * Asks metadata for an entry in the name of the link. A link whose entry has moved to another drive follows it there, if its creator
 * may make it there too. Throws `not_found`.
 */
export async function describe(
  context: Context,
  visit: Visit,
  link: LinkRow,
  entry: EntryId,
): Promise<{ link: LinkRow; described: Described }> {
  try {
    return { link, described: await ask(context, visit, link, entry) };
  } catch (error) {
    const drive = movedTo(error);
    if (drive === undefined) throw error;
    const moved = { ...link, drive };
    const described = await ask(context, visit, moved, entry).catch((again: unknown) => {
      // Where it went is nothing that a visitor is told.
      throw movedTo(again) === undefined ? again : noLink();
    });
    const values = [visit.tenantId, link.linkId, link.drive, drive];
    await context.database.withTenant(visit.tenantId, moveLink, values, { readOnly: false });
    return { link: moved, described };
  }
}

async function ask(context: Context, visit: Visit, link: LinkRow, entry: EntryId): Promise<Described> {
  const described = await context.metadata.call(routes.describeLinked, {
    ...asHolder(context, visit.tenantId, link, visit.signal),
    params: { drive: link.drive, entry },
  });
  if (policyObjection(described.policy, termsOf(link), context.nowMs()) !== undefined) throw noLink();
  return described;
}

/** The drive that metadata says a link's entry is in now. */
function movedTo(error: unknown): DriveId | undefined {
  if (!(error instanceof Problem) || error.code !== 'moved') return undefined;
  const drive = error.details?.['drive'];
  return typeof drive === 'string' ? parseDriveId(drive) : undefined;
}
