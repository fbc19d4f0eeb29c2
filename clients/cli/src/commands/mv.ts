import { parseWriteId } from '@driftbox/domain';
import type { Command } from '../command.ts';
import { commitOne } from '../commit-one.ts';
import { element } from '@driftbox/transfer';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { newId } from '@driftbox/transfer';
import { findRemote, needEntry, needFolder, remoteNames, showPath } from '../remote-path.ts';

export const mv: Command = {
  name: 'mv',
  summary: 'Move or rename, also into and out of shared folders; moves no bytes',
  synopsis: 'FROM TO',
  example: 'driftbox mv /draft.txt /reports/final.txt',
  args: { min: 2, max: 2 },
  flags: {},
  run: async ({ connect, output, given }) => {
    const { client, at } = await connect();
    const asked = remoteNames(given.arg(0));
    // What is moved may be a mount itself: only the folders above it are followed.
    const above = await at(asked.slice(0, -1));
    const source = above.drive;
    const entry = await needEntry(client, source, [...above.names, ...asked.slice(-1)]);
    const { drive, names, prefix } = await at(remoteNames(given.arg(1)));
    const there = await findRemote(client, drive, names);
    // Into a folder that exists, like everybody's mv.
    const into = there.at === 'root' || (there.at === 'entry' && there.entry.kind === 'folder' && there.entry.entryId !== entry.entryId);
    if (!into && given.arg(1).endsWith('/')) throw new UsageError(`${given.arg(1)} is not a folder`);
    const to = into ? [...names, element(asked, -1)] : names;
    const parentId = await needFolder(client, drive, to.slice(0, -1));
    const { rev } = await commitOne(client, source, {
      op: 'move',
      writeId: newId(parseWriteId),
      entryId: entry.entryId,
      parentId,
      name: element(to, -1),
      baseRev: entry.rev,
      ...(drive.drive === source.drive ? {} : { toDrive: drive.drive }),
    });
    output.result({ path: showPath([...prefix, ...to]), entryId: entry.entryId, rev }, () => []);
    return exitCodes.ok;
  },
};
