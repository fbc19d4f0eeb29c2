import { randomUUID } from 'node:crypto';
import { parseGroupId, type DriveId, type GroupId } from '@driftbox/domain';
import { appendOutbox, uniqueViolation, type Database, type Transaction } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Group, type Routes } from '@driftbox/protocol';
import type { OnCommitted } from './commit-input.ts';
import { keysOf, pageFrom } from './cursor.ts';
import { dropMounts } from './drop-mounts.ts';
import { groupChanged } from './events.ts';
import { peopleOf } from './grantee.ts';
import { stored } from './store/entry-row.ts';
import {
  deleteGroup,
  insertGroup,
  listGroups as listSql,
  lockGroup,
  readGroup,
  renameGroup as renameSql,
  type GroupRow,
} from './store/groups.ts';
import { requireAdministrator, type TenantAsker } from './require-administrator.ts';
import { present } from './store/present.ts';

/** Most groups of a tenant. */
const maxGroups = 1_000;

/** Throws `permission_denied` for guests: whom they may know is who shares with them. */
export function requireColleague({ actor }: TenantAsker): void {
  if (actor.role === 'guest') throw new Problem('permission_denied', 'Guests are shown no groups');
}

export const noGroup = (): Problem => new Problem('not_found', 'There is no such group');

/** The groups of the tenant, by name. */
export async function listGroups(
  database: Database,
  asker: TenantAsker,
  cursor: string | undefined,
  limit: number,
): Promise<AnswerOf<Routes['listGroups']>> {
  requireColleague(asker);
  const [name, id] = keysOf(cursor, ['string', 'string']) ?? [null, null];
  const values = [asker.tenantId, name, id, limit + 1];
  const { rows } = await database.withTenant<GroupRow>(asker.tenantId, listSql, values, { signal: asker.signal });
  return pageFrom(rows, limit, presentGroup, (row) => [row.name, row.group_id]);
}

/** Makes an empty group. Throws `permission_denied`, `already_exists` for a name that is taken, `quota_exceeded`. */
export async function createGroup(tx: Transaction, asker: TenantAsker, name: string): Promise<Group> {
  requireAdministrator(asker);
  const groupId = stored(parseGroupId, randomUUID());
  const made = await unlessTaken(tx.query(insertGroup, [tx.tenantId, groupId, name, maxGroups]));
  if (made.rows.length === 0) throw new Problem('quota_exceeded', `A tenant has at most ${maxGroups} groups`);
  return read(tx, groupId);
}

/** Gives a group another name. Throws `permission_denied`, `not_found`, `already_exists`. */
export async function renameGroup(database: Database, asker: TenantAsker, groupId: GroupId, name: string): Promise<Group> {
  requireAdministrator(asker);
  const work = async (tx: Transaction): Promise<Group> => {
    await requireGroup(tx, groupId);
    await unlessTaken(tx.query(renameSql, [tx.tenantId, groupId, name]));
    return read(tx, groupId);
  };
  return database.transaction(asker.tenantId, work, { signal: asker.signal, idempotent: true });
}

/** Ends a group and every role that it held; what its people may not read any more is mounted nowhere. */
export async function removeGroup(database: Database, asker: TenantAsker, groupId: GroupId, onCommitted: OnCommitted): Promise<void> {
  requireAdministrator(asker);
  const drives = await database.transaction(
    asker.tenantId,
    async (tx) => {
      await requireGroup(tx, groupId);
      const people = await peopleOf(tx, groupId);
      const { rows } = await tx.query<{ drive_id: DriveId }>(deleteGroup, [tx.tenantId, groupId]);
      appendOutbox(tx, groupChanged(groupId, people));
      return rows.map((row) => row.drive_id);
    },
    { signal: asker.signal },
  );
  await dropMounts(database, asker.tenantId, drives, onCommitted);
}

/** Holds the group until the transaction ends. Throws `not_found`. */
export async function requireGroup(tx: Transaction, groupId: GroupId): Promise<void> {
  const { rows } = await tx.query(lockGroup, [tx.tenantId, groupId]);
  if (rows.length === 0) throw noGroup();
}

async function read(tx: Transaction, groupId: GroupId): Promise<Group> {
  return presentGroup(present((await tx.query<GroupRow>(readGroup, [tx.tenantId, groupId])).rows[0]));
}

async function unlessTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (uniqueViolation(error) === 'groups_name') throw new Problem('already_exists', 'There is a group of this name', { cause: error });
    throw error;
  }
}

function presentGroup({ group_id: id, name, members, created_at: createdAt }: GroupRow): Group {
  return { group: stored(parseGroupId, id), name, members, createdAt: new Date(createdAt).toISOString() };
}
