import type { TenantId } from '@driftbox/domain';
import { statement, type Database } from '@driftbox/postgres';

/** How a tenant stands. */
export type Standing = { readonly tenantId: TenantId; readonly suspended: boolean };

const changed = statement({
  name: 'auth.list-changed-standings',
  text: 'SELECT id AS "tenantId", suspended FROM tenants WHERE standing_at > $1 LIMIT 100000',
});
const all = statement({
  name: 'auth.list-suspended',
  text: 'SELECT id AS "tenantId", suspended FROM tenants WHERE standing_at IS NOT NULL AND suspended LIMIT 100000',
});

/** Tenants suspended or resumed after `afterMs`, as they stand now; without it all that are suspended. */
export async function listStandings(database: Database, afterMs: number | undefined): Promise<Standing[]> {
  const answer = afterMs === undefined ? database.query<Standing>(all) : database.query<Standing>(changed, [new Date(afterMs)]);
  return (await answer).rows;
}
