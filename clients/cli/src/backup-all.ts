import { backupCell, listCellPoints, removeCell, restoreCell, verifyCell, type CellPoint, type Failed } from '@driftbox/backup';
import { destinations, withCell } from './backup-door.ts';
import type { Context } from './command.ts';
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts';
import { counted, showBytes, visible } from './output.ts';
import { tellBackup } from './tell-backup.ts';

/** `admin backup … --all`: the same of all tenants of a cell. Exit code 6 where one fails, or something of it is damaged. */
export async function backupAll(context: Context, verb: string | undefined, id: string | undefined): Promise<ExitCode> {
  refuse(context, 'tenant');
  switch (verb) {
    case 'create':
      if (id !== undefined) throw new UsageError('a backup gets its id by itself');
      return create(context);
    case 'list':
      return list(context);
    case 'verify':
      return verify(context, id);
    case 'remove':
      return remove(context, id);
    default:
      throw new UsageError('admin backup --all is create, list, verify or remove; the others are for one tenant');
  }
}

function refuse({ given }: Context, ...flags: readonly string[]): void {
  const flag = flags.find((one) => given.texts(one).length > 0);
  if (flag !== undefined) throw new UsageError(`--all is every tenant as it is: leave out --${flag}`);
}

async function create(context: Context): Promise<ExitCode> {
  const open = await destinations(context);
  const made = await watched(context, (work) => withCell(context, (cell) => backupCell(cell, open, work)));
  const { id, takenAt, done, failed } = made;
  context.output.result({ id, takenAt, tenants: done, failed }, () => [
    ...done.map((one) => `${one.tenantId}: ${one.id} as of ${one.takenAt}, ${showBytes(one.newBytes)} new${lost(one.damaged.length)}`),
    ...failed.map(lineOfFailed),
    `${id} is ${counted(done.length, 'tenant')} as of ${takenAt}`,
  ]);
  return codeOf(failed, done);
}

async function list(context: Context): Promise<ExitCode> {
  const backups = await listCellPoints(await destinations(context));
  context.output.result({ backups }, () => backups.map(lineOf));
  return exitCodes.ok;
}

function lineOf({ id, takenAt, tenants, failed }: CellPoint): string {
  return `${id}  ${takenAt}  ${counted(tenants.length, 'tenant')}${failed.length === 0 ? '' : `, without ${failed.join(', ')}`}`;
}

async function verify(context: Context, id: string | undefined): Promise<ExitCode> {
  const open = await destinations(context);
  const { point, done, failed } = await watched(context, (work) => verifyCell(open, id, work));
  context.output.result({ id: point.id, takenAt: point.takenAt, tenants: done, failed }, () => [
    ...done.map((one) => `${one.tenantId}: ${one.id}, ${one.objects} objects${lost(one.damaged.length) || ', all verify'}`),
    ...failed.map(lineOfFailed),
  ]);
  return codeOf(failed, done);
}

async function remove(context: Context, id: string | undefined): Promise<ExitCode> {
  if (id === undefined) throw new UsageError('name the backup that is to go');
  const { done, failed } = await removeCell(await destinations(context), id, context.signal);
  const bytes = done.reduce((sum, one) => sum + one.bytes, 0);
  context.output.result({ id, tenants: done, failed }, () => [
    ...failed.map(lineOfFailed),
    ...(failed.length === 0 ? [`${id} is removed (${showBytes(bytes)})`] : [`${id} stays: remove it again`]),
  ]);
  return codeOf(failed, []);
}

/** `admin restore [BACKUP] --all`: brings back the tenants of a backup of a cell. Exit code 6 where one is not restored. */
export async function restoreAll(context: Context, id: string | undefined): Promise<ExitCode> {
  refuse(context, 'tenant', 'as', 'name', 'host');
  if (context.given.on('abandon')) throw new UsageError('--abandon is for one tenant: --tenant ID');
  const replace = context.given.on('replace');
  const open = await destinations(context);
  const { point, done, failed } = await watched(context, (work) =>
    withCell(context, (cell) => restoreCell(cell, open, id, { ...work, replace })),
  );
  const tenants = done.map(({ intent, ...one }) => ({ ...one, suspended: intent.suspended }));
  context.output.result({ id: point.id, tenants, failed, notInBackup: point.failed }, () => [
    ...done.map((one) => `${one.tenantId} (${visible(one.intent.name)}) is as of ${one.takenAt}${lost(one.damaged.length)}`),
    ...failed.map(lineOfFailed),
    ...point.failed.map((tenantId) => `${tenantId} is not in this backup`),
  ]);
  return codeOf([...failed, ...point.failed], done);
}

type Work = { readonly signal: AbortSignal; readonly tell: ReturnType<typeof tellBackup>['tell'] };

async function watched<T>(context: Context, work: (at: Work) => Promise<T>): Promise<T> {
  const progress = tellBackup(context);
  return work({ tell: progress.tell, signal: context.signal }).finally(progress.end);
}

function lineOfFailed({ tenantId, why }: Failed): string {
  return `${tenantId} FAILED: ${visible(why)}`;
}

function lost(damaged: number): string {
  return damaged === 0 ? '' : `, ${damaged} damaged`;
}

function codeOf(failed: readonly unknown[], done: readonly { readonly damaged: readonly unknown[] }[]): ExitCode {
  return failed.length === 0 && done.every(({ damaged }) => damaged.length === 0) ? exitCodes.ok : exitCodes.partial;
}
