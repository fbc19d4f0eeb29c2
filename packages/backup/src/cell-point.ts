import { parseTenantId, type TenantId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Destination } from './destination.ts';
import { readManifests, writeManifest } from './manifest.ts';

/** A backup of a cell: the point of each of its tenants. What could not be backed up is in it by name alone. */
export type CellPoint = {
  readonly format: 1;
  readonly id: string;
  /** RFC 3339: when the last of its points was taken. */
  readonly takenAt: string;
  readonly tenants: readonly { readonly tenantId: TenantId; readonly backupId: string }[];
  readonly failed: readonly TenantId[];
};

/** Opens where the backups of a tenant are. */
export type OpenDestination = (tenantId: TenantId) => Promise<Destination>;

/** Runs something with what `open` opens, and closes it. */
export async function opened<T>(open: OpenDestination, tenantId: TenantId, work: (destination: Destination) => Promise<T>): Promise<T> {
  const destination = await open(tenantId);
  try {
    return await work(destination);
  } finally {
    destination.close();
  }
}

/** Backups of cells lie where those of a tenant would whose id no tenant has. */
const ofCells = parseTenantId('00000000-0000-0000-0000-000000000000') as TenantId;

/** Keeps a backup of a cell; durable once it resolves. */
export async function writeCellPoint(open: OpenDestination, point: CellPoint): Promise<void> {
  await opened(open, ofCells, ({ points, key }) => writeManifest(points, key, point));
}

/** Every backup of a cell, oldest first. */
export async function listCellPoints(open: OpenDestination): Promise<CellPoint[]> {
  return opened(open, ofCells, async ({ points, key }) => (await readManifests<CellPoint>(points, key)).map(({ manifest }) => manifest));
}

/** A backup of a cell by its id, or the newest. Throws `not_found`. */
export async function findCellPoint(open: OpenDestination, id: string | undefined): Promise<CellPoint> {
  const all = await listCellPoints(open);
  const found = id === undefined ? all.at(-1) : all.find((point) => point.id === id);
  if (found === undefined)
    throw new Problem('not_found', `There is no ${id === undefined ? 'backup of a cell' : `backup ${id} of a cell`} here`);
  return found;
}

/** Removes a backup of a cell, the points of its tenants aside. */
export async function forgetCellPoint(open: OpenDestination, id: string): Promise<void> {
  await opened(open, ofCells, async ({ points, key }) => {
    for (const { packId, manifest } of await readManifests<CellPoint>(points, key)) if (manifest.id === id) await points.delete(packId);
  });
}
