import { statSync } from 'node:fs';
import path from 'node:path';
import type { Client } from '@driftbox/api-client';
import { Problem } from '@driftbox/protocol';
import type { Drive, Entry } from '@driftbox/protocol';
import type { Command } from '../command.ts';
import { findRemote, remoteNames, showPath } from '../remote-path.ts';
import { tellTransfer } from '../tell-transfer.ts';
import { getTree } from '../transfer/get-tree.ts';
import { lookHere } from '../transfer/look-here.ts';
import { planGet } from '../transfer/plan-get.ts';
import type { RemoteThing } from '../transfer/plan-get.ts';
import { createProgress, progressStyle } from '../transfer/progress.ts';
import { readRemoteTree } from '../transfer/remote-tree.ts';

export const get: Command = {
  name: 'get',
  summary: 'Fetch a file, or a folder with all in it',
  synopsis: 'SOURCE [DESTINATION]',
  example: 'driftbox get /photos ./photos',
  args: { min: 1, max: 2 },
  flags: {
    checksum: { description: 'fetch and compare files even where size and time say that they are the same' },
    progress: { value: 'STYLE', description: 'bar, lines, json or none' },
  },
  completes: 'files',
  run: async ({ connect, output, given, signal }) => {
    const style = progressStyle(output, given.text('progress'));
    const asked = remoteNames(given.arg(0));
    const { client, at } = await connect();
    const { drive, names } = await at(asked);
    const found = await findRemote(client, drive, names);
    if (found.at === 'nothing') throw new Problem('not_found', `There is nothing at ${showPath(asked)}`);
    const entry = found.at === 'entry' ? found.entry : undefined;
    const root = destination(given.args[1], asked.at(-1) ?? 'driftbox', entry === undefined || entry.kind === 'folder');
    const plan = planGet(await things(client, drive, entry), lookHere(root), { checksum: given.on('checksum') });
    const bytes = plan.files.reduce((sum, step) => sum + step.entry.sizeBytes, 0);
    const progress = createProgress(output, style, { bytes, files: plan.files.length });
    const { failed, ...counts } = await getTree({ client, drive, plan, root, progress, signal });
    progress.end();
    const report = { path: root, ...counts, bytes, unchanged: plan.unchanged, leftOut: [...plan.leftOut, ...failed] };
    return tellTransfer(output, 'Fetched', report);
  },
};

/** The place of what is fetched: as named, or in it under its own name for a file into a folder and with a slash at the end. */
function destination(named: string | undefined, name: string, folder: boolean): string {
  if (named === undefined) return path.resolve(name);
  const isFolder = statSync(named, { throwIfNoEntry: false })?.isDirectory() === true;
  return named.endsWith('/') || (isFolder && !folder) ? path.resolve(named, name) : path.resolve(named);
}

async function things(client: Client, drive: Drive, entry: Entry | undefined): Promise<RemoteThing[]> {
  if (entry !== undefined && entry.kind !== 'folder') return [{ names: [], entry }];
  const tree = await readRemoteTree(client, drive, entry?.entryId ?? drive.rootId);
  const root = entry ?? { ...rootFacts(drive), kind: 'folder' as const };
  return [{ names: [], entry: root }, ...tree.values()];
}

function rootFacts(drive: Drive) {
  return {
    entryId: drive.rootId,
    parentId: drive.rootId,
    drive: drive.drive,
    name: '',
    rev: 1,
    seq: 1,
    modifiedAt: drive.createdAt,
    modifiedBy: drive.owner,
  };
}
