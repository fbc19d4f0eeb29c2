import { parseName } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type Drive } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { presentDrive } from './present-drive.ts';
import { renameDrive } from './store/rename-drive.ts';

/** Renames a drive; needs a manager. */
export async function updateDrive(database: Database, asker: Asker, name: string): Promise<Drive> {
  const wanted = nameOf(name);
  return database.transaction(
    asker.tenantId,
    async (tx) => {
      const drive = await requireDrive(tx, asker, 'rename');
      await tx.last(renameDrive, [asker.tenantId, asker.driveId, wanted]);
      return presentDrive({ ...drive, name: wanted });
    },
    { signal: asker.signal },
  );
}

/** A drive's name follows the rules of entries' names. */
export function nameOf(text: string): string {
  const parsed = parseName(text);
  if (!parsed.ok) throw new Problem('invalid_argument', parsed.detail);
  return parsed.name;
}
