import { parseWriteId } from '@driftbox/domain';
import type { Command } from '../command.ts';
import { commitOne } from '../commit-one.ts';
import { element } from '@driftbox/transfer';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { newId } from '@driftbox/transfer';
import { findRemote, needEntry, needFolder, remoteNames, showPath } from '../remote-path.ts';

export const mv: Command = {
  name: 'mv',
  summary: 'Move or rename; moves no bytes',
  synopsis: 'FROM TO',
  example: 'driftbox mv /draft.txt /reports/final.txt',
  args: { min: 2, max: 2 },
  flags: {},
  run: async ({ connect, output, given }) => {
    const { client, home } = await connect();
    const drive = await home();
    const from = remoteNames(given.arg(0));
    let to = remoteNames(given.arg(1));
    const entry = await needEntry(client, drive, from);
    const there = await findRemote(client, drive, to);
    // Into a folder that exists, like everybody's mv.
    const into = there.at === 'root' || (there.at === 'entry' && there.entry.kind === 'folder' && there.entry.entryId !== entry.entryId);
    if (!into && given.arg(1).endsWith('/')) throw new UsageError(`${given.arg(1)} is not a folder`);
    if (into) to = [...to, element(from, -1)];
    const parentId = await needFolder(client, drive, to.slice(0, -1));
    const { rev } = await commitOne(client, drive, {
      op: 'move',
      writeId: newId(parseWriteId),
      entryId: entry.entryId,
      parentId,
      name: element(to, -1),
      baseRev: entry.rev,
    });
    output.result({ path: showPath(to), entryId: entry.entryId, rev }, () => []);
    return exitCodes.ok;
  },
};
