import { parseWriteId } from '@driftbox/domain';
import type { Command } from '../command.ts';
import { commitOne } from '../commit-one.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { newId } from '@driftbox/transfer';
import { needEntry, remoteNames, showPath } from '../remote-path.ts';

export const rm: Command = {
  name: 'rm',
  summary: 'Move to the trash',
  synopsis: '[-r] PATH',
  example: 'driftbox rm -r /old-project',
  args: { min: 1, max: 1 },
  flags: { recursive: { short: 'r', description: 'a folder with all in it' } },
  run: async ({ connect, output, given }) => {
    const { client, at } = await connect();
    const asked = remoteNames(given.arg(0));
    // Read before the entry: a change that arrives between the two then refuses the delete of a folder.
    const { drive, names: above } = await at(asked.slice(0, -1));
    const names = [...above, ...asked.slice(-1)];
    const entry = await needEntry(client, drive, names);
    if (entry.kind === 'folder' && !given.on('recursive')) throw new UsageError(`${showPath(asked)} is a folder: use -r`);
    await commitOne(client, drive, {
      op: 'delete',
      writeId: newId(parseWriteId),
      entryId: entry.entryId,
      baseRev: entry.rev,
      seenSeq: drive.seq,
    });
    output.result({ path: showPath(asked), entryId: entry.entryId, trashed: true }, () => []);
    return exitCodes.ok;
  },
};
