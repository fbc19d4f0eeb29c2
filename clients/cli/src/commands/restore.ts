import type { Client } from '@driftbox/api-client';
import { parseEntryId, parseWriteId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { commitOne } from '../commit-one.ts';
import { exitCodes } from '../exit-codes.ts';
import { listTrash } from '../list-trash.ts';
import { newId } from '@driftbox/transfer';
import { findRemote, needEntry, remoteNames, showPath } from '../remote-path.ts';
import { readRevision } from '../read-revision.ts';

export const restore: Command = {
  name: 'restore',
  summary: 'Bring back an old revision, or something from the trash',
  synopsis: 'PATH|ID [--rev N]',
  example: 'driftbox restore /notes.txt --rev 3',
  args: { min: 1, max: 1 },
  flags: { rev: { value: 'N', description: 'make revision N the newest again (see driftbox history)' } },
  run: async ({ connect, output, given }) => {
    const [what, text] = [given.arg(0), given.text('rev')];
    const rev = text === undefined ? undefined : readRevision(text);
    const { client, home } = await connect();
    const drive = await home();
    const writeId = newId(parseWriteId);
    if (rev === undefined) {
      const { entryId } = await inTrash(client, drive, what);
      const done = await commitOne(client, drive, { op: 'untrash', writeId, entryId });
      output.result(done, () => [`Restored ${what} from the trash`]);
    } else {
      const { entryId } = await needEntry(client, drive, remoteNames(what));
      const done = await commitOne(client, drive, { op: 'restoreRevision', writeId, entryId, rev });
      output.result(done, () => [`Restored revision ${rev} of ${what} as revision ${done.rev}`]);
    }
    return exitCodes.ok;
  },
};

/** The newest thing in the trash of that id, or that was at that path. */
async function inTrash(client: Client, drive: Drive, what: string): Promise<Entry> {
  const trashed = await listTrash(client, drive);
  const entryId = parseEntryId(what);
  if (entryId !== undefined) {
    const entry = trashed.find((one) => one.entryId === entryId);
    if (entry !== undefined) return entry;
  }
  const names = remoteNames(what);
  const parent = await findRemote(client, drive, names.slice(0, -1));
  const parentId = parent.at === 'root' ? drive.rootId : parent.at === 'entry' ? parent.entry.entryId : undefined;
  const entry = trashed.find((one) => one.parentId === parentId && one.name === names.at(-1));
  if (entry === undefined) throw new Problem('not_found', `The trash has nothing from ${showPath(names)}; driftbox trash lists ids`);
  return entry;
}
