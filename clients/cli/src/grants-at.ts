import type { Client } from '@driftbox/api-client';
import type { DriveId, EntryId, EntryRole, Role, SubjectId } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Grant } from '@driftbox/protocol';
import { allPages } from './all-pages.ts';
import { UsageError } from './exit-codes.ts';

/** Where roles are held, and what can be done about them there: a shared drive, or a single file or folder. */
export type GrantsAt = {
  list(): Promise<Grant[]>;
  add(email: string, role: Role): Promise<Grant>;
  put(subject: SubjectId, role: Role): Promise<Grant>;
  remove(subject: SubjectId): Promise<void>;
};

/** Roles on a shared drive. */
export function grantsOfDrive(client: Client, drive: DriveId): GrantsAt {
  const params = { drive };
  return {
    list: () => allPages((cursor) => client.call(routes.listGrants, { params, query: { cursor, limit: 1000 } })),
    add: (email, role) => client.call(routes.addGrant, { params, body: { email, role } }).catch((error) => nobody(error, email)),
    put: (subject, role) => client.call(routes.putGrant, { params: { ...params, subject }, body: { role } }),
    remove: (subject) => client.call(routes.removeGrant, { params: { ...params, subject } }),
  };
}

/** Roles on a single file or folder. It has no owner of its own to be: that throws `UsageError`. */
export function grantsOfEntry(client: Client, drive: DriveId, entry: EntryId): GrantsAt {
  const params = { drive, entry };
  return {
    list: () => allPages((cursor) => client.call(routes.listEntryGrants, { params, query: { cursor, limit: 1000 } })),
    add: (email, role) =>
      client.call(routes.addEntryGrant, { params, body: { email, role: onEntry(role) } }).catch((error) => nobody(error, email)),
    put: (subject, role) => client.call(routes.putEntryGrant, { params: { ...params, subject }, body: { role: onEntry(role) } }),
    remove: (subject) => client.call(routes.removeEntryGrant, { params: { ...params, subject } }),
  };
}

/** Of several people who are let in one after the other it is said who is not known, and what can be done about it. */
function nobody(error: unknown, email: string): never {
  if (!(error instanceof Problem) || error.code !== 'not_found') throw error;
  throw new Problem('not_found', `Nobody here has the address ${email}: driftbox invite offers a shared folder to whoever has it`);
}

function onEntry(role: Role): EntryRole {
  if (role === 'owner') throw new UsageError('only a shared folder is handed over: driftbox share PATH makes it one');
  return role;
}
