import { lstat } from 'node:fs/promises';
import path from 'node:path';
import type { EntryId } from '@driftbox/domain';
import type { Command, Context } from '../command.ts';
import { LocalError } from '@driftbox/transfer';
import { placeForPut } from '../place-for-put.ts';
import { remoteNames, showPath } from '../remote-path.ts';
import { tellTransfer } from '../tell-transfer.ts';
import type { LeftOut, LocalItem } from '../transfer/local-item.ts';
import { planPut } from '../transfer/plan-put.ts';
import { createProgress, progressStyle } from '../transfer/progress.ts';
import { putTree } from '../transfer/put-tree.ts';
import { openUploadState } from '../transfer/upload-state.ts';
import { reason, walkTree } from '../transfer/walk-tree.ts';

export const put: Command = {
  name: 'put',
  summary: 'Send a file, or a folder with all in it',
  synopsis: 'SOURCE [DESTINATION]',
  example: 'driftbox put ./photos /photos',
  args: { min: 1, max: 2 },
  flags: {
    checksum: { description: 'read files even where size and time say that nothing changed' },
    progress: { value: 'STYLE', description: 'bar, lines, json or none' },
  },
  completes: 'files',
  run: async (context) => {
    const { output, given, signal } = context;
    const style = progressStyle(output, given.text('progress'));
    const source = path.resolve(given.arg(0));
    const kind = await kindOf(source);
    const to = given.args[1] ?? `/${path.basename(source)}`;
    const { client, drive, place, prefix, remote, configFolder, server } = await placeFor(
      context,
      to,
      kind === 'folder',
      path.basename(source),
    );
    const leftOut: LeftOut[] = [];
    const plan = planPut(walked(source, leftOut), remote, { checksum: given.on('checksum') });
    const folders = new Map<string, EntryId>();
    for (const [key, { entry }] of remote) if (entry.kind === 'folder') folders.set(key, entry.entryId);
    const upload = await openUploadState(configFolder, [server, drive.drive, to, source]);
    const bytes = plan.files.reduce((sum, step) => sum + step.item.sizeBytes, 0);
    const progress = createProgress(output, style, { bytes, files: plan.files.length });
    const done = await putTree({ client, drive, plan, place, folders, upload, progress, signal });
    progress.end();
    const { failed, ...counts } = done;
    const report = {
      path: showPath([...prefix, ...place.path]),
      ...counts,
      bytes,
      unchanged: plan.unchanged,
      leftOut: [...leftOut, ...plan.leftOut, ...failed],
    };
    return tellTransfer(output, 'Sent', report);
  },
};

async function placeFor(context: Context, to: string, folder: boolean, name: string) {
  const { client, at, configFolder, server } = await context.connect();
  const { drive, names, prefix } = await at(remoteNames(to));
  const place = await placeForPut(client, drive, names, { folder, name, into: to.endsWith('/') && to !== '/' });
  return { client, drive, configFolder, server, place, prefix, remote: place.remote };
}

async function kindOf(source: string): Promise<'folder' | 'other'> {
  const stats = await lstat(source).catch((error: NodeJS.ErrnoException) => {
    throw new LocalError(error.code === 'ENOENT' ? `there is no ${source}` : `${source} ${reason(error)}`);
  });
  return stats.isDirectory() ? 'folder' : 'other';
}

function* walked(source: string, leftOut: LeftOut[]): Generator<LocalItem> {
  for (const one of walkTree(source)) {
    if ('found' in one) yield one.found;
    else leftOut.push(one.leftOut);
  }
}
