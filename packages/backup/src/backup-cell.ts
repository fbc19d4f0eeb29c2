import { randomUUID } from 'node:crypto';
import type { Client } from '@driftbox/api-client';
import type { TenantId } from '@driftbox/domain';
import { Problem, routes, type ServiceName } from '@driftbox/protocol';
import { findCellPoint, forgetCellPoint, opened, writeCellPoint, type CellPoint, type OpenDestination } from './cell-point.ts';
import { createBackup, type CreatedBackup } from './create-backup.ts';
import type { Tell } from './progress.ts';
import { putTenant } from './put-tenant.ts';
import { removeBackup } from './remove-backup.ts';
import { restoreBackup, type RestoredBackup } from './restore-backup.ts';
import { tenantOfBackup } from './tenant-of-backup.ts';
import { verifyBackups, type VerifiedBackup } from './verify-backups.ts';

/** Reaches a service of a cell, about one tenant or about none. */
export type WholeCell = (service: ServiceName, tenantId: TenantId | undefined) => Client;

/** What became of each tenant; one that fails keeps no other from its turn. */
export type OfTenants<T> = { readonly done: readonly (T & { tenantId: TenantId })[]; readonly failed: readonly Failed[] };
export type Failed = { readonly tenantId: TenantId; readonly why: string };

type Work = { readonly tell?: Tell; readonly signal: AbortSignal };

async function inTurn<T extends object>(
  tenants: readonly TenantId[],
  signal: AbortSignal,
  work: (tenantId: TenantId) => Promise<T | undefined>,
): Promise<OfTenants<T>> {
  const [done, failed]: [(T & { tenantId: TenantId })[], Failed[]] = [[], []];
  for (const tenantId of tenants) {
    try {
      const one = await work(tenantId);
      if (one !== undefined) done.push({ ...one, tenantId });
    } catch (error) {
      signal.throwIfAborted();
      failed.push({ tenantId, why: (error as Error).message });
    }
  }
  return { done, failed };
}

/**
 * Makes a point of every tenant of a cell, one after another and each as `createBackup` does, and keeps which belong together. Throws
 * where there is no point in the end.
 */
export async function backupCell(
  cell: WholeCell,
  open: OpenDestination,
  { signal, ...work }: Work,
): Promise<OfTenants<CreatedBackup> & { readonly id: string; readonly takenAt: string }> {
  const tenants = await tenantsOf(cell, signal);
  const all = await inTurn(tenants, signal, (tenantId) =>
    opened(open, tenantId, (destination) => createBackup(cell, destination, { ...work, signal })).catch(unlessErased),
  );
  const takenAt = all.done
    .map((one) => one.takenAt)
    .sort()
    .at(-1);
  if (takenAt === undefined) throw new Problem('unavailable', all.failed[0]?.why ?? 'The cell has no tenant');
  const id = randomUUID();
  const made = all.done.map((one) => ({ tenantId: one.tenantId, backupId: one.id }));
  await writeCellPoint(open, { format: 1, id, takenAt, tenants: made, failed: all.failed.map(({ tenantId }) => tenantId) });
  return { id, takenAt, ...all };
}

async function tenantsOf(cell: WholeCell, signal: AbortSignal): Promise<TenantId[]> {
  const tenants: TenantId[] = [];
  for (let place: TenantId | undefined; ;) {
    const answer = await cell('auth', undefined).call(routes.listTenantsInAuth, { query: { ...(place && { place }) }, signal });
    tenants.push(...answer.tenants);
    place = answer.place;
    if (place === undefined) return tenants;
  }
}

/** Of who went meanwhile nothing is wanted. */
function unlessErased(error: unknown): undefined {
  if (!(error instanceof Problem && error.code === 'tenant_erased')) throw error;
}

/** Reads every object of the points of a backup of a cell, the newest if none is named. Throws `not_found`. */
export async function verifyCell(
  open: OpenDestination,
  id: string | undefined,
  { signal, ...work }: Work,
): Promise<OfTenants<VerifiedBackup> & { readonly point: CellPoint }> {
  const point = await findCellPoint(open, id);
  const all = await inEach(point, signal, (tenantId, backupId) =>
    opened(open, tenantId, async (destination) => {
      const [verified] = await verifyBackups(destination, backupId, { ...work, signal });
      if (verified === undefined) throw new Problem('not_found', `Its backup ${backupId} is gone`);
      return verified;
    }),
  );
  return { point, ...all };
}

/**
 * Restores the tenants of a backup of a cell, the newest if none is named, each under its id as `restoreBackup` does: one that is not
 * there is registered as it was, and lets people in at the end if it did then. One that people are in is left as it is. Throws `not_found`.
 */
export async function restoreCell(
  cell: WholeCell,
  open: OpenDestination,
  id: string | undefined,
  { signal, replace, ...work }: Work & { readonly replace: boolean },
): Promise<OfTenants<RestoredBackup> & { readonly point: CellPoint }> {
  const point = await findCellPoint(open, id);
  const all = await inEach(point, signal, (tenantId, backupId) =>
    opened(open, tenantId, async (destination) => {
      const { name, hosts, suspended } = await tenantOfBackup(destination, backupId);
      const target = { tenantId, replace, create: { name, hosts } };
      const restored = await restoreBackup(cell, destination, backupId, target, { ...work, signal });
      if (!suspended) await putTenant(cell, { ...restored.intent, suspended });
      return { ...restored, intent: { ...restored.intent, suspended } };
    }),
  );
  return { point, ...all };
}

/** Removes a backup of a cell with its points. Throws `not_found`. */
export async function removeCell(
  open: OpenDestination,
  id: string,
  signal: AbortSignal,
): Promise<OfTenants<{ packs: number; bytes: number }>> {
  const point = await findCellPoint(open, id);
  const all = await inEach(point, signal, async (tenantId, backupId) => {
    const nothing = { packs: 0, bytes: 0 };
    return opened(open, tenantId, (destination) => removeBackup(destination, backupId, { signal })).catch((error: unknown) => {
      // It went with another one, or by itself.
      if (error instanceof Problem && error.code === 'not_found') return nothing;
      throw error;
    });
  });
  if (all.failed.length === 0) await forgetCellPoint(open, id);
  return all;
}

function inEach<T extends object>(
  { tenants }: CellPoint,
  signal: AbortSignal,
  work: (tenantId: TenantId, backupId: string) => Promise<T>,
): Promise<OfTenants<T>> {
  const points = new Map(tenants.map(({ tenantId, backupId }) => [tenantId, backupId]));
  return inTurn([...points.keys()], signal, (tenantId) => work(tenantId, points.get(tenantId) ?? ''));
}
