import type { EntryId } from '../ids.ts';
import type { Operation, Outcome } from '../operation.ts';
import { can, strongest } from '../role.ts';
import type { EntryRole, Verb } from '../role.ts';
import type { Working } from './working.ts';

/**
 * What an operation is refused with for want of a role, `undefined` for what may go on. A role on the drive is asked first; without
 * one that is enough, the roles on entries are, at every place that the operation touches: new content and attributes touch the
 * entry, coming and going the folders that it comes to and leaves. So nobody moves, renames or deletes the entry itself that they
 * were let in to. Who has no role at anything that the operation names is told that there is nothing.
 */
export function checkRole(work: Working, operation: Operation): Outcome | undefined {
  const verb: Verb = operation.op === 'purge' ? 'purge' : 'write';
  const { role } = work.request;
  const { drive } = work.state;
  if (can({ role }, verb, drive)) return undefined;
  const touched = touchedBy(work, operation).map((place) => entryRoleAt(work, place));
  if (touched.length > 0 && touched.every((entryRole) => can({ role: undefined, entryRole }, verb, drive))) return undefined;
  const named = [operation.entryId, 'parentId' in operation ? operation.parentId : undefined];
  const known = can({ role }, 'read', drive) || named.some((entryId) => entryRoleAt(work, entryId) !== undefined);
  return { outcome: known ? 'permission_denied' : 'not_found' };
}

/** None for what no role on an entry allows: the trash is the drive's, and so is what leads out of it. */
function touchedBy(work: Working, operation: Operation): (EntryId | undefined)[] {
  const from = work.find(operation.entryId)?.parentId;
  switch (operation.op) {
    case 'createFolder':
    case 'copy':
      return [operation.parentId];
    case 'putFile':
    case 'putSymlink': {
      if (operation.baseRev === null) return [operation.parentId];
      const stays = operation.parentId === undefined && operation.name === undefined;
      return stays ? [operation.entryId] : [operation.entryId, from, operation.parentId];
    }
    case 'setAttributes':
    case 'restoreRevision':
      return [operation.entryId];
    case 'move':
      return operation.toDrive === undefined ? [from, operation.parentId] : [];
    case 'delete':
      return [from];
    case 'untrash':
    case 'purge':
    case 'putMount':
      return [];
  }
}

/** The strongest role on a live entry or on a folder above it; none if it is not there, or any of them lies in the trash. */
function entryRoleAt(work: Working, entryId: EntryId | undefined): EntryRole | undefined {
  const roles: EntryRole[] = [];
  for (let at = entryId; at !== undefined && at !== work.state.drive.rootId;) {
    const entry = work.find(at);
    if (entry === undefined || entry.trashed !== undefined) return undefined;
    const role = work.request.entryRoles?.get(at);
    if (role !== undefined) roles.push(role);
    at = entry.parentId;
  }
  return strongest(roles);
}
