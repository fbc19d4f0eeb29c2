import { parseEntryId, parseWriteId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { commitOne } from '../commit-one.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { newId } from '@driftbox/transfer';
import { findRemote, needFolder, remoteNames, showPath } from '../remote-path.ts';

export const mkdir: Command = {
  name: 'mkdir',
  summary: 'Create a folder',
  synopsis: '[-p] PATH',
  example: 'driftbox mkdir -p /photos/2026',
  args: { min: 1, max: 1 },
  flags: { parents: { short: 'p', description: 'create missing parents; no error if it exists' } },
  run: async ({ connect, output, given }) => {
    const { client, at } = await connect();
    const { drive, names, prefix } = await at(remoteNames(given.arg(0)));
    if (names.length === 0) throw new UsageError('the root exists');
    let depth = names.length - 1;
    if (given.on('parents')) {
      for (depth = names.length; depth > 0; depth -= 1) {
        const found = await findRemote(client, drive, names.slice(0, depth));
        if (found.at !== 'entry') continue;
        if (found.entry.kind !== 'folder') throw new Problem('name_taken', `${showPath(names.slice(0, depth))} is not a folder`);
        break;
      }
    }
    let parentId = await needFolder(client, drive, names.slice(0, depth));
    for (const name of names.slice(depth)) {
      const entryId = newId(parseEntryId);
      await commitOne(client, drive, { op: 'createFolder', writeId: newId(parseWriteId), entryId, parentId, name });
      parentId = entryId;
    }
    output.result({ path: showPath([...prefix, ...names]), entryId: parentId }, () => []);
    return exitCodes.ok;
  },
};
