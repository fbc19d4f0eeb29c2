import { clientOf } from '../client.ts';
import type { World } from '../world.ts';
import { must } from './must.ts';

/**
 * Where only one person works there is nobody to have a conflict with, and nothing for the other devices to send; and where
 * that person throws nothing away, every rename and move was carried out as one, and nothing is in the trash.
 */
export function soloWorkIsUntouched({ kind, clients, commits, cell }: World): void {
  if (kind === 'free') return;
  for (const { index, disk } of clients) {
    const copy = disk.tree.walk().find(({ path }) => path.includes('conflicted copy'));
    must(copy === undefined, () => `one person worked, and client ${index} has ${copy?.path}`);
  }
  for (const { request, result } of commits) {
    if (result.result !== 'done' || result.changes.length === 0) continue;
    const watcher = request.operations.find(({ writeId }) => clientOf(writeId) > 0 && clientOf(writeId) < clients.length);
    must(watcher === undefined, () => `client ${clientOf(watcher?.writeId ?? '')} only watched, and sent a ${watcher?.op}`);
  }
  if (kind !== 'keeper') return;
  for (const entry of cell.homeOf(0).drive.entries.values()) {
    must(entry.trashed === undefined, () => `nobody deleted ${entry.name}, and it is in the trash`);
  }
}
