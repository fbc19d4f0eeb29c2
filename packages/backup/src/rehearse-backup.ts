import { randomUUID } from 'node:crypto';
import { parseTenantId, type TenantId } from '@driftbox/domain';
import { routes, tenantErasers, type Finding } from '@driftbox/protocol';
import type { Cell } from './cell.ts';
import { compareWithBackup } from './compare-with-backup.ts';
import type { Destination } from './destination.ts';
import { holding } from './lock/held.ts';
import type { Tell } from './progress.ts';
import { restoreBackup, type RestoredBackup } from './restore-backup.ts';

/** What a rehearsal found. It went well where `differences` and `findings` are empty. */
export type Rehearsal = {
  readonly id: string;
  readonly takenAt: string;
  readonly scratchTenant: TenantId;
  readonly restored: Pick<RestoredBackup, 'rows' | 'chunks' | 'sentChunks' | 'sentBytes'>;
  /** Tables whose rows are not those of the point, `service.table`. */
  readonly differences: readonly string[];
  /** What a check of all packs, references, journals and ledgers of the scratch tenant found. */
  readonly findings: readonly Finding[];
  readonly seconds: { readonly restore: number; readonly compare: number; readonly erase: number };
};

/**
 * Restores a point into a tenant made for it, which nobody can reach, compares every row, reads every byte, and erases it, also when
 * something failed. Throws what restoring throws. `begun` hears the scratch tenant's id, in case this process dies.
 */
export async function rehearseBackup(
  cell: Cell,
  destination: Destination,
  id: string | undefined,
  { tell = () => undefined, signal, begun }: { readonly tell?: Tell; readonly signal: AbortSignal; readonly begun: (id: TenantId) => void },
): Promise<Rehearsal> {
  return holding(destination, 'read', { signal }, () => rehearse(cell, destination, id, { tell, signal, begun }));
}

async function rehearse(
  cell: Cell,
  destination: Destination,
  id: string | undefined,
  { tell, signal, begun }: { readonly tell: Tell; readonly signal: AbortSignal; readonly begun: (id: TenantId) => void },
): Promise<Rehearsal> {
  const scratchTenant = parseTenantId(randomUUID());
  if (scratchTenant === undefined) throw new Error('a random UUID is a tenant id');
  begun(scratchTenant);
  const times: number[] = [performance.now()];
  try {
    const create = { name: 'backup-rehearsal', hosts: [] };
    const restored = await restoreBackup(cell, destination, id, { tenantId: scratchTenant, replace: false, create }, { tell, signal });
    times.push(performance.now());
    const differences = await compareWithBackup(cell, destination, restored.id, scratchTenant, { tell, signal });
    const findings = await check(cell, scratchTenant, signal);
    times.push(performance.now());
    await erase(cell, scratchTenant, tell);
    times.push(performance.now());
    const { rows, chunks, sentChunks, sentBytes, takenAt } = restored;
    const [restore = 0, compared = 0, erased = 0] = times.slice(1).map((time, n) => Math.round(time - (times[n] ?? 0)) / 1000);
    return {
      id: restored.id,
      takenAt,
      scratchTenant,
      restored: { rows, chunks, sentChunks, sentBytes },
      differences,
      findings,
      seconds: { restore, compare: compared, erase: erased },
    };
  } catch (error) {
    await erase(cell, scratchTenant, tell).catch(() => undefined);
    throw error;
  }
}

async function check(cell: Cell, tenantId: TenantId, signal: AbortSignal): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let place: string | undefined; ;) {
    const body = { repair: false, ...(place === undefined ? {} : { place }) };
    const answer = await cell('upload', tenantId).call(routes.checkTenantInUpload, { params: { tenant: tenantId }, body, signal });
    findings.push(...answer.findings);
    place = answer.place;
    if (place === undefined) return findings;
  }
}

async function erase(cell: Cell, tenantId: TenantId, tell: Tell): Promise<void> {
  for (const [n, route] of tenantErasers.entries()) {
    for (let state = ''; state !== 'erased';)
      ({ state } = await cell(route.service, tenantId).call(route, { params: { tenant: tenantId } }));
    tell({ stage: 'erase', done: n + 1, total: tenantErasers.length, bytes: 0 });
  }
}
