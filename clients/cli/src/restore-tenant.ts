import { abandonRestore, putTenant, restoreBackup, type RestoreTarget } from '@driftbox/backup';
import { restoreAll } from './backup-all.ts';
import { tenantOf, withCell, withDestination } from './backup-door.ts';
import type { Context } from './command.ts';
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts';
import { showBytes } from './output.ts';
import { tellBackup } from './tell-backup.ts';

/**
 * `admin restore`: restores a backup of a tenant in place, or as another one. A tenant that it made lets people in at the end; one
 * that was there was suspended by somebody, and stays so.
 */
export async function restoreTenant(context: Context, [id, ...rest]: readonly string[]): Promise<ExitCode> {
  if (rest.length > 0) throw new UsageError('admin restore takes one backup');
  const { given, output, signal } = context;
  if (given.on('all')) return restoreAll(context, id);
  const source = tenantOf(context, 'tenant');
  const tenantId = given.text('as') === undefined ? source : tenantOf(context, 'as');
  if (given.on('abandon')) {
    await withDestination(context, source, (destination) =>
      withCell(context, (cell) => abandonRestore(cell, destination, id, tenantId, signal)),
    );
    output.result({ tenantId, abandoned: true }, () => [`what had been restored into ${tenantId} is removed; it is empty and suspended`]);
    return exitCodes.ok;
  }
  const target = { tenantId, replace: given.on('replace'), ...createOf(context) };
  const progress = tellBackup(context);
  const restored = await withDestination(context, source, (destination) =>
    withCell(context, async (cell) => {
      const done = await restoreBackup(cell, destination, id, target, { tell: progress.tell, signal });
      if (target.create !== undefined) await putTenant(cell, { ...done.intent, suspended: false });
      return done;
    }),
  ).finally(progress.end);
  const { takenAt, rows, chunks, sentChunks, sentBytes, drives, damaged } = restored;
  const suspended = target.create === undefined;
  output.result({ id: restored.id, tenantId, takenAt, drives, rows, chunks, sentChunks, sentBytes, damaged, suspended }, () => [
    `${tenantId} is as of ${takenAt}: ${drives.length} drives, ${rows} rows, ${chunks} chunks`,
    `${sentChunks} chunks (${showBytes(sentBytes)}) were sent, the others were there`,
    ...(suspended ? ['it is suspended still: resume it when you are content'] : []),
    ...damaged.map((digest) => `damaged already when the backup was made: ${digest}`),
  ]);
  return damaged.length === 0 ? exitCodes.ok : exitCodes.partial;
}

function createOf({ given }: Context): Pick<RestoreTarget, 'create'> {
  const [name, hosts] = [given.text('name'), given.texts('host')];
  if (name === undefined) {
    if (hosts.length > 0) throw new UsageError('--host goes with --name, for a tenant that is to be made');
    return {};
  }
  return { create: { name, hosts: [...hosts] } };
}
