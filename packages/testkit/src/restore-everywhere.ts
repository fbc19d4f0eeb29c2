import { parseTenantId, type TenantId } from '@driftbox/domain';
import type { Database, RestoreStep } from '@driftbox/postgres';
import { faultsEverywhere } from './fault-at.ts';
import { mortalDatabase } from './mortal-database.ts';
import { newId } from './new-uuid.ts';

type Line = { readonly table?: string; readonly rows?: readonly Readonly<Record<string, unknown>>[] };

/** The routes by which a service is backed up and restored. */
export type RestoreRoutes = {
  /** What a backup keeps of a tenant: lines of JSON. */
  read(tenant: TenantId): Promise<{ readonly body: AsyncIterable<Uint8Array> }>;
  restore(tenant: TenantId, step: RestoreStep): Promise<{ readonly state: string }>;
};

/** A service to be tried, and a tenant of it with rows in each table that is kept. */
export type RestoredService = {
  readonly database: Database;
  readonly routesOn: (database: Database) => RestoreRoutes;
  readonly source: TenantId;
  /** Does what comes before a restore into a tenant. */
  readonly prepare?: (tenant: TenantId) => Promise<unknown>;
};

/**
 * Has a service fail or die at its steps, at `usual`-th ones in the tests of every day, while a tenant is restored over what is there, by
 * the service's own routes; it, if it lives, or another process goes on. Throws unless all of it is there in the end, and once. Answers
 * the number of steps.
 */
export async function restoreEverywhere(usual: number, { database, routesOn, source, prepare }: RestoredService): Promise<number> {
  const whole = routesOn(database);
  const copy = await linesOf(whole, source);
  const lines = copy
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  return faultsEverywhere(usual, async (steps, lives) => {
    const tenant = newId(parseTenantId);
    await prepare?.(tenant);
    await restore(whole, tenant, lines, { restoreId: newId(parseTenantId), replace: false });
    const again = { restoreId: newId(parseTenantId), replace: true };
    const struck = routesOn(mortalDatabase(database, steps));
    const work = () => restore(struck, tenant, lines, again);
    await work()
      .catch((error: unknown) => (lives && steps.struck ? work() : Promise.reject(error as Error)))
      .catch((error: unknown) => {
        if (!steps.struck) throw error;
      });
    await restore(whole, tenant, lines, again);
    const restored = await linesOf(whole, tenant);
    if (restored !== copy) throw new Error(`restored is\n${restored}in place of\n${copy}`);
  });
}

async function linesOf(routes: RestoreRoutes, tenant: TenantId): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await routes.read(tenant)).body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** Restores from the first step on, or goes on with that. */
async function restore(
  routes: RestoreRoutes,
  tenant: TenantId,
  lines: readonly Line[],
  how: { readonly restoreId: string; readonly replace: boolean },
): Promise<void> {
  const { restoreId } = how;
  while ((await routes.restore(tenant, { step: 'begin', ...how })).state === 'emptying');
  for (const { table, rows = [] } of lines) if (table !== undefined) await routes.restore(tenant, { step: 'rows', restoreId, table, rows });
  await routes.restore(tenant, { step: 'end', restoreId });
}
