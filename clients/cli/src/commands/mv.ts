import { parseWriteId } from '@driftbox/domain';
import type { Command } from '../command.ts';
import { commitOne } from '../commit-one.ts';
import { exitCodes } from '../exit-codes.ts';
import { newId } from '../new-id.ts';
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
    const from = remoteNames(given.args[0]!);
    let to = remoteNames(given.args[1]!);
    const entry = await needEntry(client, drive, from);
    const there = await findRemote(client, drive, to);
    // Into a folder that exists, like everybody's mv.
    const into = there.at === 'root' || (there.at === 'entry' && there.entry.kind === 'folder' && there.entry.entryId !== entry.entryId);
    if (into) to = [...to, from.at(-1)!];
    const parentId = await needFolder(client, drive, to.slice(0, -1));
    const { rev } = await commitOne(client, drive, {
      op: 'move', writeId: newId(parseWriteId), entryId: entry.entryId, parentId, name: to.at(-1)!, baseRev: entry.rev,
    });
    output.result({ path: showPath(to), entryId: entry.entryId, rev }, () => []);
    return exitCodes.ok;
  },
};
