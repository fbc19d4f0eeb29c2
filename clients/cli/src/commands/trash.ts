import { parseEntryId, parseWriteId } from '@driftbox/domain';
import type { Command } from '../command.ts';
import { commitOne } from '../commit-one.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { listTrash } from '../list-trash.ts';
import { newId } from '@driftbox/transfer';
import { longLine } from './ls.ts';

export const trash: Command = {
  name: 'trash',
  summary: 'List what was deleted, or delete one thing for good',
  synopsis: '[--purge ID]',
  example: 'driftbox trash',
  args: { min: 0, max: 0 },
  flags: { purge: { value: 'ID', description: 'delete the entry of this id for good' } },
  run: async ({ connect, output, given }) => {
    const { client, home } = await connect();
    const drive = await home();
    const purged = given.text('purge');
    if (purged !== undefined) {
      const entryId = parseEntryId(purged);
      if (entryId === undefined) throw new UsageError(`${purged} is not an entry's id`);
      await commitOne(client, drive, { op: 'purge', writeId: newId(parseWriteId), entryId });
      output.result({ entryId, purged: true }, () => [`Deleted ${entryId} for good`]);
      return exitCodes.ok;
    }
    const items = await listTrash(client, drive);
    output.result({ items }, () => items.map((entry) => `${entry.entryId}  ${longLine(entry)}`));
    return exitCodes.ok;
  },
};
