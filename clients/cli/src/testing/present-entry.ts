import type { EntryId, MemoryDrive, UserId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';

/** An entry as the wire shows it. */
export function presentEntry(drive: MemoryDrive, entryId: EntryId, modifiedBy: UserId): unknown {
  const entry = drive.entries.get(entryId);
  if (entry === undefined) throw new Problem('not_found');
  const { parentId, name, rev, seq, body, trashed } = entry;
  const common = {
    entryId,
    drive: drive.drive.driveId,
    parentId,
    name,
    rev,
    seq,
    modifiedAt: new Date(0).toISOString(),
    modifiedBy,
    ...(trashed === undefined ? {} : { trashedAt: new Date(trashed.atMs).toISOString() }),
  };
  if (body.kind === 'folder') return { kind: 'folder', ...common };
  if (body.kind === 'mount') return { kind: 'mount', ...common, mountedDrive: body.drive };
  const mtime = new Date(body.mtimeMs).toISOString();
  if (body.kind === 'symlink') return { kind: 'symlink', ...common, target: body.target, mtime };
  const { listId, sizeBytes, chunks } = body.content;
  return { kind: 'file', ...common, sizeBytes, mtime, executable: body.executable, listId, chunks };
}
