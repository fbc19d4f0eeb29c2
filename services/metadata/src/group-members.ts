import { parseUserId, type DriveId, type GroupId, type UserId } from '@driftbox/domain';
import { appendOutbox, type Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type GroupMember, type Routes } from '@driftbox/protocol';
import type { OnCommitted } from './commit-input.ts';
import { keysOf, pageFrom } from './cursor.ts';
import { dropMounts } from './drop-mounts.ts';
import { groupChanged } from './events.ts';
import { granteeOf, peopleOf } from './grantee.ts';
import { noGroup, requireColleague, requireGroup } from './groups.ts';
import { requireAdministrator, type TenantAsker } from './require-administrator.ts';
import { stored } from './store/entry-row.ts';
import { deleteMember, insertMember, listMembers, readMember, type MemberRow } from './store/group-members.ts';
import { listGroupDrives, readGroup } from './store/groups.ts';
import { present } from './store/present.ts';

/** Most people of a group: one event names them all. */
const maxMembers = 1_000;

/** Who is in a group, by name. Throws `permission_denied`, `not_found`. */
export async function listGroupMembers(
  database: Database,
  asker: TenantAsker,
  groupId: GroupId,
  query: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<AnswerOf<Routes['listGroupMembers']>> {
  requireColleague(asker);
  const [name, id] = keysOf(query.cursor, ['string', 'string']) ?? [null, null];
  return database.transaction(
    asker.tenantId,
    async (tx) => {
      const [group, { rows }] = await Promise.all([
        tx.query(readGroup, [tx.tenantId, groupId]),
        tx.query<MemberRow>(listMembers, [tx.tenantId, groupId, name, id, query.limit + 1]),
      ]);
      if (group.rows.length === 0) throw noGroup();
      return pageFrom(rows, query.limit, presentMember, (row) => [row.name, row.user_id]);
    },
    { readOnly: true, signal: asker.signal },
  );
}

/** Puts a person into a group; who is in it stays. Throws `permission_denied`, `not_found` and `quota_exceeded`. */
export async function addGroupMember(
  database: Database,
  asker: TenantAsker,
  { groupId, email }: { readonly groupId: GroupId; readonly email: string },
  onCommitted: OnCommitted,
): Promise<GroupMember> {
  requireAdministrator(asker);
  const theirs = await database.withTenant<{ drive_id: DriveId }>(asker.tenantId, listGroupDrives, [asker.tenantId, groupId]);
  await dropMounts(database, asker.tenantId, drivesOf(theirs), onCommitted);
  return database.transaction(
    asker.tenantId,
    async (tx) => {
      await requireGroup(tx, groupId);
      const [{ subject }, people] = await Promise.all([granteeOf(tx, { email }), peopleOf(tx, groupId)]);
      const added = await tx.query(insertMember, [tx.tenantId, groupId, subject]);
      if (added.rows.length > 0) {
        if (people.length >= maxMembers) throw new Problem('quota_exceeded', `A group has at most ${maxMembers} people`);
        appendOutbox(tx, groupChanged(groupId, [subject as UserId]));
      }
      return presentMember(present((await tx.query<MemberRow>(readMember, [tx.tenantId, groupId, subject])).rows[0]));
    },
    { signal: asker.signal, idempotent: true },
  );
}

/**
 * Takes a person out of a group, or lets them leave it; what they may not read any more is mounted no longer. Throws
 * `permission_denied`, and `not_found` where there is no such group or they are not in it.
 */
export async function removeGroupMember(
  database: Database,
  asker: TenantAsker,
  { groupId, userId }: { readonly groupId: GroupId; readonly userId: UserId },
  onCommitted: OnCommitted,
): Promise<void> {
  if (userId !== asker.actor.userId) requireAdministrator(asker);
  const drives = await database.transaction(
    asker.tenantId,
    async (tx) => {
      await requireGroup(tx, groupId);
      const gone = await tx.query(deleteMember, [tx.tenantId, groupId, userId]);
      if (gone.rows.length === 0) throw new Problem('not_found', 'This person is not in the group');
      appendOutbox(tx, groupChanged(groupId, [userId]));
      return drivesOf(await tx.query<{ drive_id: DriveId }>(listGroupDrives, [tx.tenantId, groupId]));
    },
    { signal: asker.signal },
  );
  await dropMounts(database, asker.tenantId, drives, onCommitted);
}

function drivesOf({ rows }: { readonly rows: readonly { readonly drive_id: DriveId }[] }): DriveId[] {
  return rows.map((row) => row.drive_id);
}

function presentMember({ user_id: id, name, email, added_at: addedAt }: MemberRow): GroupMember {
  return {
    user: stored(parseUserId, id),
    name,
    ...(email === null ? {} : { email }),
    addedAt: new Date(addedAt).toISOString(),
  };
}
