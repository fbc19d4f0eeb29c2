import {
  createBackup,
  listBackups,
  makeBackupKey,
  rehearseBackup,
  removeBackup,
  tenantOfBackup,
  verifyBackups,
  type CreatedBackup,
  type ListedBackup,
  type Rehearsal,
} from '@driftbox/backup';
import { tenantOfIntent } from '@driftbox/resources';
import { LocalError } from '@driftbox/transfer';
import { backupAll } from './backup-all.ts';
import { tenantOf, withCell, withDestination } from './backup-door.ts';
import type { Context } from './command.ts';
import { exitCodes, UsageError, type ExitCode } from './exit-codes.ts';
import { showBytes, visible } from './output.ts';
import { tellBackup } from './tell-backup.ts';

/**
 * `admin backup`: makes, lists, verifies, removes and rehearses backups of a tenant, and says what their tenant was. Exit code 6 where
 * something of one is damaged.
 */
export async function backupTenant(context: Context, [verb, argument, ...rest]: readonly string[]): Promise<ExitCode> {
  if (rest.length > 0) throw new UsageError(`admin backup ${visible(verb ?? '')} takes no ${visible(rest.join(' '))}`);
  if (context.given.on('all') && verb !== 'key') return backupAll(context, verb, argument);
  switch (verb) {
    case 'key':
      return makeKey(context, argument);
    case 'create':
      if (argument !== undefined) throw new UsageError('a backup gets its id by itself');
      return create(context);
    case 'list':
      return list(context);
    case 'verify':
      return verify(context, argument);
    case 'remove':
      return remove(context, argument);
    case 'rehearse':
      return rehearse(context, argument);
    case 'tenant':
      return describe(context, argument);
    default:
      throw new UsageError('admin backup is key, create, list, verify, remove, rehearse or tenant');
  }
}

async function makeKey({ output }: Context, file: string | undefined): Promise<ExitCode> {
  if (file === undefined) throw new UsageError('name the file that the key is to be in');
  await makeBackupKey(file).catch((error: Error) => {
    throw new LocalError(`cannot make ${file}: ${error.message}`);
  });
  output.result({ file }, () => [`${file} is the key of backups from now on: keep it where the backups are not, and more than once`]);
  return exitCodes.ok;
}

async function create(context: Context): Promise<ExitCode> {
  const tenantId = tenantOf(context, 'tenant');
  const progress = tellBackup(context);
  const made = await withDestination(context, tenantId, (destination) =>
    withCell(context, (cell) => createBackup(cell, destination, { tell: progress.tell, signal: context.signal })),
  ).finally(progress.end);
  context.output.result(made, () => linesOf(made));
  return made.damaged.length === 0 ? exitCodes.ok : exitCodes.partial;
}

function linesOf(made: CreatedBackup): string[] {
  const what = `${made.rows} rows of ${made.drives} drives, ${made.chunks} chunks`;
  return [
    `${made.id} as of ${made.takenAt}${made.resumed ? ', begun earlier' : ''}: ${what}`,
    `${showBytes(made.newBytes)} new in ${made.newObjects} objects`,
    ...made.damaged.map((digest) => `damaged in the tenant, and not in the backup: ${digest}`),
  ];
}

async function list(context: Context): Promise<ExitCode> {
  const points = await withDestination(context, tenantOf(context, 'tenant'), listBackups);
  context.output.result({ backups: points }, () => points.map(lineOf));
  return exitCodes.ok;
}

function lineOf({ id, takenAt, whole, tenant, heads, rows, chunks, damaged }: ListedBackup): string {
  const lost = damaged > 0 ? `, ${damaged} damaged` : '';
  const half = whole ? '' : '  (begun: create goes on with it)';
  return `${id}  ${takenAt}  ${visible(tenant)}  ${heads.length} drives, ${rows} rows, ${chunks} chunks${lost}${half}`;
}

async function verify(context: Context, id: string | undefined): Promise<ExitCode> {
  const progress = tellBackup(context);
  const verified = await withDestination(context, tenantOf(context, 'tenant'), (destination) =>
    verifyBackups(destination, id, { tell: progress.tell, signal: context.signal }),
  ).finally(progress.end);
  context.output.result({ backups: verified }, () =>
    verified.flatMap((one) => [
      `${one.id}  ${one.takenAt}  ${one.objects} objects: ${one.damaged.length === 0 ? 'all verify' : `${one.damaged.length} damaged`}`,
      ...one.damaged.map((digest) => `  ${digest}`),
    ]),
  );
  if (verified.length === 0) return exitCodes.notFound;
  return verified.every(({ damaged }) => damaged.length === 0) ? exitCodes.ok : exitCodes.partial;
}

async function remove(context: Context, id: string | undefined): Promise<ExitCode> {
  if (id === undefined) throw new UsageError('name the backup that is to go');
  const gone = await withDestination(context, tenantOf(context, 'tenant'), (destination) =>
    removeBackup(destination, id, { signal: context.signal }),
  );
  context.output.result(gone, () => [`${gone.id} is removed, and with it ${gone.packs} packs (${showBytes(gone.bytes)})`]);
  return exitCodes.ok;
}

/** In JSON, which kubectl takes. */
async function describe(context: Context, id: string | undefined): Promise<ExitCode> {
  const intent = await withDestination(context, tenantOf(context, 'tenant'), (destination) => tenantOfBackup(destination, id));
  const manifest = tenantOfIntent(intent);
  for (const { name } of intent.issuers)
    context.output.note(`sign-in by ${visible(name)} is not in it: its secret was never in the backup`);
  context.output.result(manifest, () => [JSON.stringify(manifest, undefined, 2)]);
  return exitCodes.ok;
}

async function rehearse(context: Context, id: string | undefined): Promise<ExitCode> {
  const progress = tellBackup(context);
  const begun = (scratch: string): void => context.output.note(`restoring into ${scratch}, which is erased afterwards`);
  const report = await withDestination(context, tenantOf(context, 'tenant'), (destination) =>
    withCell(context, (cell) => rehearseBackup(cell, destination, id, { tell: progress.tell, signal: context.signal, begun })),
  ).finally(progress.end);
  context.output.result(report, () => linesOfRehearsal(report));
  return report.differences.length === 0 && report.findings.length === 0 ? exitCodes.ok : exitCodes.partial;
}

function linesOfRehearsal({ id, takenAt, restored, differences, findings, seconds }: Rehearsal): string[] {
  const good = differences.length === 0 && findings.length === 0 ? 'all rows are the same, all bytes verify' : 'NOT the same';
  return [
    `${id} as of ${takenAt}: ${good}`,
    `${restored.rows} rows, ${restored.chunks} chunks`,
    `restored in ${seconds.restore} s, compared in ${seconds.compare} s, erased in ${seconds.erase} s`,
    ...differences.map((table) => `other rows in ${table}`),
    ...findings.map((finding) => JSON.stringify(finding)),
  ];
}
