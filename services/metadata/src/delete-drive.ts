import { randomUUID } from 'node:crypto';
import { can, parseWriteId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type Drive, type Entry } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { commitDrive } from './commit-drive.ts';
import type { OnCommitted } from './commit-input.ts';
import { dropMounts } from './drop-mounts.ts';
import { mayNot } from './grantee.ts';
import { listDrives } from './list-drives.ts';
import { outcomeProblem } from './outcome-problem.ts';
import { stored } from './store/entry-row.ts';
import { unshareDrive } from './unshare-drive.ts';

/** Names that the folder is tried under. */
const maxNames = 20;

/**
 * Ends a shared drive, and loses nothing that was in it: it becomes a folder of its owner's home, which goes to the trash. Should
 * it stop between the two, the folder is there. Throws `permission_denied` to who does not own it, and what unsharing throws.
 */
export async function deleteDrive(database: Database, asker: Asker, onCommitted: OnCommitted): Promise<void> {
  const { tenantId, userId, driveId, signal } = asker;
  const drive = await database.transaction(tenantId, (tx) => requireDrive(tx, asker, 'read'), { readOnly: true, signal });
  if (!can(drive, 'delete', drive)) throw mayNot(drive.kind);
  const [home] = (await listDrives(database, tenantId, userId, undefined, 1, signal)).items;
  if (home === undefined) throw new Error('who owns a drive has a home');
  const folder = await unshareInto(database, asker, { home, name: drive.name }, onCommitted);
  await dropMounts(database, tenantId, [driveId], onCommitted);
  const { entryId, rev: baseRev, seq: seenSeq } = folder;
  const operation = { op: 'delete' as const, entryId, writeId: stored(parseWriteId, randomUUID()), baseRev, seenSeq };
  const input = { tenantId, driveId: home.drive, userId, driveEpoch: home.driveEpoch, operations: [operation], atomic: false };
  const { outcomes } = await commitDrive(database, input, onCommitted);
  const [outcome] = outcomes;
  if (outcome !== undefined && outcome.outcome !== 'committed') throw outcomeProblem(outcome);
}

async function unshareInto(
  database: Database,
  asker: Asker,
  { home, name }: { readonly home: Drive; readonly name: string },
  onCommitted: OnCommitted,
): Promise<Entry> {
  for (let number = 1; ; number += 1) {
    const into = { drive: home.drive, parentId: home.rootId, name: number === 1 ? name : `${name} (${number})` };
    try {
      return await database.transaction(asker.tenantId, (tx) => unshareDrive(tx, asker, into, onCommitted), { signal: asker.signal });
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'name_taken') || number === maxNames) throw error;
    }
  }
}
