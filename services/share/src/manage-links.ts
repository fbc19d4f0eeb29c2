import { can, type DriveId, type EntryId, type TenantId } from '@driftbox/domain';
import { Problem, routes, type BodyOf, type Routes } from '@driftbox/protocol';
import { hashPassword, type Actor } from '@driftbox/service-kit';
import { asUser } from './acting.ts';
import type { Context } from './context.ts';
import { expiryOf } from './create-link.ts';
import { linkChanged, linkRevoked } from './events.ts';
import { policyObjection } from './link-state.ts';
import { termsOf } from './present-link.ts';
import { findById, lockById } from './store/find-link.ts';
import type { LinkRow } from './store/link-row.ts';
import { listLinks as listSql } from './store/list-links.ts';
import { deleteLink, updateLink as updateSql } from './store/update-link.ts';

/** Who manages links. */
export type Manager = { readonly tenantId: TenantId; readonly actor: Actor; readonly signal: AbortSignal };

const noSuchLink = (): Problem => new Problem('not_found', 'There is no such link');

/** Administrators of a tenant see and end every link of it, managers of a drive every link into it. */
export async function mayManage(context: Context, manager: Manager, drive: DriveId | undefined): Promise<boolean> {
  const { role } = manager.actor;
  if (role === 'owner' || role === 'admin') return true;
  if (drive === undefined) return false;
  try {
    const access = await context.metadata.call(routes.checkAccess, {
      ...asUser(context, manager),
      params: { drive },
      body: { verb: 'read' },
    });
    // Who would let people in is who sees what lets them in without.
    return can(access, 'grant', { kind: 'shared' });
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return false;
    throw error;
  }
}

/** A link for its creator, or for who manages links there. Throws `not_found`. */
export async function getLink(context: Context, manager: Manager, linkId: string): Promise<LinkRow> {
  const { tenantId, actor, signal } = manager;
  const [link] = (await context.database.withTenant<LinkRow>(tenantId, findById, [tenantId, linkId], { signal })).rows;
  if (link === undefined) throw noSuchLink();
  if (link.creator !== actor.userId && !(await mayManage(context, manager, link.drive))) throw noSuchLink();
  return link;
}

/** Which links are asked for. */
export type LinkFilter = {
  readonly of: 'me' | 'everybody';
  readonly drive?: DriveId | undefined;
  readonly entry?: EntryId | undefined;
  readonly after: string | undefined;
  readonly limit: number;
};

/** Links by the time they were made. Throws `permission_denied` to who asks for everybody's and manages none. */
export async function listLinks(context: Context, manager: Manager, filter: LinkFilter): Promise<LinkRow[]> {
  const { tenantId, actor, signal } = manager;
  const { of, drive, entry, after, limit } = filter;
  if (of === 'everybody' && !(await mayManage(context, manager, drive)))
    throw new Problem('permission_denied', "Everybody's links are shown to administrators, and to managers of the drive that is asked for");
  const values = [tenantId, of === 'me' ? actor.userId : null, drive ?? null, entry ?? null, after ?? null, limit];
  return (await context.database.withTenant<LinkRow>(tenantId, listSql, values, { signal })).rows;
}

/**
 * Changes the terms of one's own link; they must be such that it could be made today. Throws `not_found`, `invalid_argument` and
 * `permission_denied`.
 */
export async function updateLink(
  context: Context,
  manager: Manager,
  linkId: string,
  asked: BodyOf<Routes['updateLink']>,
): Promise<LinkRow> {
  const { tenantId, actor, signal } = manager;
  const known = await getLink(context, manager, linkId);
  if (known.creator !== actor.userId) throw new Problem('permission_denied', 'Only who made a link changes it; you may revoke it');
  const { policy } = await context.metadata.call(routes.describeLinked, {
    ...asUser(context, manager),
    params: { drive: known.drive, entry: known.entryId },
  });
  if (known.role === 'uploader' && typeof asked.maxDownloads === 'number')
    throw new Problem('invalid_argument', 'body.maxDownloads: nothing is downloaded through a file request');
  const newHash = typeof asked.password === 'string' ? await hashPassword(asked.password, context.passwordCost) : null;
  return context.database.transaction(
    tenantId,
    async (tx) => {
      const [link] = (await tx.query<LinkRow>(lockById, [tenantId, linkId])).rows;
      if (link === undefined) throw noSuchLink();
      const nowMs = context.nowMs();
      const expiresMs =
        asked.expiresAt === undefined ? link.expiresMs : expiryOf(policy, link.createdMs, asked.expiresAt ?? undefined, nowMs);
      const passwordHash = asked.password === undefined ? link.passwordHash : newHash;
      const maxDownloads = asked.maxDownloads === undefined ? link.maxDownloads : asked.maxDownloads;
      const objection = policyObjection(policy, termsOf({ ...link, expiresMs, passwordHash, maxDownloads }), nowMs);
      if (objection !== undefined) throw new Problem('permission_denied', objection);
      const values = [tenantId, linkId, passwordHash, expiresMs === null ? null : new Date(expiresMs), maxDownloads];
      const { rows } = await tx.query<LinkRow>(updateSql, [...values, asked.notifyOnUse ?? link.notifyOnUse]);
      const changed = rows[0] ?? link;
      linkChanged(tx, changed);
      return changed;
    },
    { signal },
  );
}

/** Ends a link: the next request through it finds none. Throws `not_found`. */
export async function revokeLink(context: Context, manager: Manager, linkId: string): Promise<void> {
  const link = await getLink(context, manager, linkId);
  await context.database.transaction(manager.tenantId, async (tx) => {
    const { rowCount } = await tx.query(deleteLink, [manager.tenantId, linkId]);
    if (rowCount !== 1) throw noSuchLink();
    linkRevoked(tx, link, manager.actor.userId);
  });
}
