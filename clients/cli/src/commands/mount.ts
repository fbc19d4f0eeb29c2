import { parseDriveId, parseEntryId, parseWriteId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { element, newId } from '@driftbox/transfer';
import type { Command } from '../command.ts';
import { commitOne } from '../commit-one.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { needFolder, remoteNames, showPath } from '../remote-path.ts';

export const mount: Command = {
  name: 'mount',
  summary: 'Show a shared drive in your home drive; rm takes it out again',
  synopsis: 'DRIVE [PATH]',
  example: 'driftbox mount 0198c5a0-7c2e-7000-8000-0123456789ab /from-bob',
  args: { min: 1, max: 2 },
  flags: {},
  run: async ({ connect, output, given }) => {
    const driveId = parseDriveId(given.arg(0));
    if (driveId === undefined) throw new UsageError(`${given.arg(0)} is not a drive's id: driftbox drives`);
    const { client, home } = await connect();
    const at = await home();
    const shown = await client.call(routes.getDrive, { params: { drive: driveId } });
    const names = remoteNames(given.args[1] ?? `/${shown.name}`);
    if (names.length === 0) throw new UsageError('a drive is not mounted at the root');
    const parentId = await needFolder(client, at, names.slice(0, -1));
    const ids = { entryId: newId(parseEntryId), writeId: newId(parseWriteId) };
    await commitOne(client, at, { op: 'putMount', ...ids, parentId, name: element(names, -1), drive: driveId });
    output.result({ path: showPath(names), entryId: ids.entryId, drive: driveId }, () => [showPath(names)]);
    return exitCodes.ok;
  },
};
