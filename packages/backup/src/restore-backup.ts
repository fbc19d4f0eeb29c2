import type { Digest, TenantId } from '@driftbox/domain';
import { Problem, routes, type AnswerOf, type BodyOf, type TenantIntent } from '@driftbox/protocol';
import { BackupDamaged } from './backup-damaged.ts';
import { readBackupIndex, readObjects, type BackupIndex } from './backup-index.ts';
import { holdCollection, keepers, type Cell } from './cell.ts';
import { readContentDigests } from './content-digests.ts';
import type { Destination } from './destination.ts';
import { findPoint } from './find-point.ts';
import { holding } from './lock/held.ts';
import type { Manifest } from './manifest.ts';
import type { Tell } from './progress.ts';
import { putTenant } from './put-tenant.ts';
import { restoreIdOf } from './restore-id.ts';
import { sendContents } from './send-contents.ts';
import { readLines } from './tenant-lines.ts';
import { objectsOf } from './verify-backups.ts';

/** Where a point is restored to. */
export type RestoreTarget = {
  readonly tenantId: TenantId;
  /** Rows that are there go first; without it they refuse the restore. */
  readonly replace: boolean;
  /** Registers the tenant, suspended, as the backup has it but for these; without it the tenant must be there, and suspended. */
  readonly create?: Pick<TenantIntent, 'name' | 'hosts'>;
};

/** What was restored. The tenant is suspended still. */
export type RestoredBackup = {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly takenAt: string;
  readonly intent: TenantIntent;
  readonly drives: Manifest['drives'];
  readonly rows: number;
  readonly chunks: number;
  /** Those that the tenant's pool did not have. */
  readonly sentChunks: number;
  readonly sentBytes: number;
  readonly damaged: readonly Digest[];
};

type Work = { readonly tell: Tell; readonly signal: AbortSignal };
type Step = BodyOf<(typeof keepers)[number]['restore']>;
type Answer = AnswerOf<(typeof keepers)[number]['restore']>;
type At = { readonly cell: Cell; readonly tenantId: TenantId; readonly restoreId: string; readonly signal: AbortSignal };

const digestsAtOnce = 2_000;
/** A copy under another name must not call the addresses of the first. */
const leftOutOfCopies: readonly string[] = ['webhooks'];

/**
 * Restores a point, the newest if none is named, into a suspended tenant, which stays suspended: the caller lets people in. The same
 * call goes on with what an earlier one had begun. Before anything changes it is known that no object is missing. Throws
 * `BackupDamaged`, `not_found`, `not_suspended`, `locked` while a backup is removed here, and `already_exists` where there are rows and
 * nobody said that they are to go.
 */
export async function restoreBackup(
  cell: Cell,
  destination: Destination,
  id: string | undefined,
  target: RestoreTarget,
  { tell = () => undefined, signal }: { readonly tell?: Tell; readonly signal: AbortSignal },
): Promise<RestoredBackup> {
  return holding(destination, 'read', { signal }, () => restore(cell, destination, id, target, { tell, signal }));
}

async function restore(
  cell: Cell,
  destination: Destination,
  id: string | undefined,
  target: RestoreTarget,
  { tell, signal }: Work,
): Promise<RestoredBackup> {
  const { tenantId } = target;
  const manifest = await findPoint(destination, id);
  const index = await readBackupIndex(destination);
  const { digests, damaged } = await objectsOf(destination, index, manifest);
  const missing = [...damaged, ...[...digests].filter((digest) => !index.has(digest))];
  if (missing.length > 0) throw new BackupDamaged(missing);
  const intent = { ...manifest.intent, ...target.create, tenantId, suspended: true };
  await requireTarget(cell, intent, target.create !== undefined, signal);
  const at = { cell, tenantId, restoreId: restoreIdOf(manifest.id, tenantId), signal };
  await holdCollection(cell, tenantId, at.restoreId);
  const { takenAt, drives, contents } = manifest;
  const done = { id: manifest.id, tenantId, takenAt, intent, drives, chunks: contents.count, damaged: manifest.damaged };
  if (!(await begin(at, target.replace))) {
    await holdCollection(cell, tenantId, at.restoreId, 0);
    return { ...done, rows: rowsOf(manifest), sentChunks: 0, sentBytes: 0 };
  }
  const rows = await sendRows(at, destination, index, manifest, tell);
  const sent = await fillPool(at, destination, index, manifest, { tell, signal });
  // Until the first has ended nobody is let in.
  for (const keeper of keepers.toReversed()) await end(at, keeper, manifest);
  await holdCollection(cell, tenantId, at.restoreId, 0);
  return { ...done, rows, ...sent };
}

/** Begins in every service. False where this restore has ended in all of them, and nobody was let in since. */
async function begin(at: At, replace: boolean): Promise<boolean> {
  for (const keeper of keepers) {
    const { state } = await stepUntilDone(at, keeper, { step: 'begin', restoreId: at.restoreId, replace });
    if (state === 'restored') return false;
  }
  return true;
}

function rowsOf({ rows }: Manifest): number {
  return rows.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
}

/** Registers the tenant where that was asked for and it is not there. Throws `not_suspended`, and `not_found` where it was not. */
async function requireTarget(cell: Cell, intent: TenantIntent, create: boolean, signal: AbortSignal): Promise<void> {
  const { tenantId } = intent;
  try {
    const known = await cell('auth', tenantId).call(routes.getTenantInAuth, { params: { tenant: tenantId }, signal });
    if (!known.intent.suspended) throw new Problem('not_suspended');
  } catch (error) {
    if (!create || !(error instanceof Problem && error.code === 'not_found')) throw error;
    await putTenant(cell, intent);
  }
}

/** Removes what a restore of this point has brought into a tenant so far; the tenant stays, empty and suspended. */
export async function abandonRestore(
  cell: Cell,
  destination: Destination,
  id: string | undefined,
  tenantId: TenantId,
  signal: AbortSignal,
): Promise<void> {
  const manifest = await findPoint(destination, id);
  const at = { cell, tenantId, restoreId: restoreIdOf(manifest.id, tenantId), signal };
  await requireOpen(at);
  for (const keeper of keepers.toReversed()) await stepUntilDone(at, keeper, { step: 'abandon', restoreId: at.restoreId }).catch(notThere);
  await holdCollection(cell, tenantId, at.restoreId, 0);
}

/** What has ended everywhere, or was never begun where there is something, is not to be removed. */
async function requireOpen(at: At): Promise<void> {
  const [first] = keepers;
  const { state } = await stepUntilDone(at, first, { step: 'begin', restoreId: at.restoreId, replace: false }).catch((error: unknown) => {
    const isOthers = error instanceof Problem && error.code === 'already_exists' && error.details?.['restoreId'] === undefined;
    if (isOthers) return { state: 'restored' as const };
    throw error;
  });
  if (state === 'restored') throw new Problem('not_found', 'No restore of this backup into this tenant is open');
}

function notThere(error: unknown): void {
  if (!(error instanceof Problem && error.code === 'not_found')) throw error;
}

async function stepUntilDone({ cell, tenantId, signal }: At, keeper: (typeof keepers)[number], body: Step): Promise<Answer> {
  for (;;) {
    const answer = await cell(keeper.service, tenantId).call(keeper.restore, { params: { tenant: tenantId }, body, signal });
    if (answer.state !== 'emptying') return answer;
  }
}

/** Whether a table of the backup is for this tenant. */
export function isForTenant(manifest: Manifest, tenantId: TenantId, table: string): boolean {
  return manifest.tenantId === tenantId || !leftOutOfCopies.includes(table);
}

async function sendRows(at: At, destination: Destination, index: BackupIndex, manifest: Manifest, tell: Tell): Promise<number> {
  let done = 0;
  for (const { service, pieces } of manifest.rows) {
    const keeper = keepers.find((one) => one.service === service);
    if (keeper === undefined) throw new Error(`this version keeps no rows in ${service}`);
    for await (const { table, rows = [] } of readLines(readObjects(destination, index, pieces))) {
      if (table === undefined || !isForTenant(manifest, at.tenantId, table)) continue;
      await stepUntilDone(at, keeper, { step: 'rows', restoreId: at.restoreId, table, rows: [...rows] });
      done += rows.length;
      tell({ stage: 'rows', done, bytes: 0 });
    }
  }
  return done;
}

async function fillPool(
  { cell, tenantId, restoreId, signal }: At,
  destination: Destination,
  index: BackupIndex,
  manifest: Manifest,
  { tell }: Work,
): Promise<{ sentChunks: number; sentBytes: number }> {
  const lost = new Set(manifest.damaged);
  const sent = { sentChunks: 0, sentBytes: 0 };
  let done = 0;
  for await (const digests of readContentDigests(destination, index, manifest)) {
    for (let from = 0; from < digests.length; from += digestsAtOnce) {
      const some = digests.slice(from, from + digestsAtOnce);
      const wanted = some.filter((digest) => !lost.has(digest));
      const { missing } =
        wanted.length === 0
          ? { missing: [] }
          : await cell('upload', tenantId).call(routes.askTenantChunks, {
              params: { tenant: tenantId },
              body: { digests: wanted },
              signal,
            });
      sent.sentBytes += await sendContents(cell, destination, { index, tenantId, signal }, missing);
      sent.sentChunks += missing.length;
      done += some.length;
      tell({ stage: 'contents', done, total: manifest.contents.count, bytes: sent.sentBytes });
    }
    await holdCollection(cell, tenantId, restoreId);
  }
  return sent;
}

/** Ends the restore in one service. Throws where it has other rows than the point. */
async function end(at: At, keeper: (typeof keepers)[number], manifest: Manifest): Promise<void> {
  const { rows: has } = await stepUntilDone(at, keeper, { step: 'end', restoreId: at.restoreId });
  const { counts = {} } = manifest.rows.find(({ service }) => service === keeper.service) ?? {};
  for (const [table, count] of Object.entries(counts)) {
    if (isForTenant(manifest, at.tenantId, table) && has[table] !== count)
      throw new Error(`${keeper.service} has ${has[table] ?? 0} rows of ${table}, the backup ${count}`);
  }
}
