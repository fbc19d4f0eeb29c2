import type { Cell } from '@driftbox/backup';
import type { TenantId } from '@driftbox/domain';
import { destroyedKeys, tenantErasers, type ErasureStatement, type TenantErasure, type TenantEraser } from '@driftbox/protocol';

/**
 * Erases a suspended tenant in every service, or goes on with it, and answers what a receipt is to state. Asked again it states
 * the same.
 */
export async function stateErasure(cell: Cell, tenantId: TenantId, nowMs: () => number): Promise<ErasureStatement> {
  const services: ErasureStatement['services'] = [];
  for (const route of tenantErasers) {
    const { requestedAt, erasedAt, erased } = await eraseIn(cell, route, tenantId);
    services.push({ service: route.service, requestedAt, erasedAt: erasedAt ?? requestedAt, erased });
  }
  const keys = destroyedKeys(services.find(({ service }) => service === 'upload')?.erased ?? {});
  // The services' clocks may be ahead of this one.
  const issuedMs = Math.max(nowMs(), ...services.map(({ erasedAt }) => Date.parse(erasedAt)));
  const issuedAt = new Date(issuedMs).toISOString();
  return { format: 'driftbox-erasure-1', tenantId, issuedAt, services, keys, covers, doesNotCover: doesNotCover(keys.wrappedUnder) };
}

async function eraseIn(cell: Cell, route: TenantEraser, tenantId: TenantId): Promise<TenantErasure> {
  const client = cell(route.service, tenantId);
  for (;;) {
    const answer = await client.call(route, { params: { tenant: tenantId } });
    if (answer.state === 'erased') return answer;
  }
}

const covers = [
  'every data key of the tenant: without it no pack of the tenant opens, whoever has a copy of the pack',
  "the tenant's objects in the storage pool, and its rows in the database of every service named here",
];

function doesNotCover(wrappedUnder: readonly number[]): string[] {
  const generations = wrappedUnder.length === 0 ? '' : ` (${wrappedUnder.join(', ')})`;
  return [
    'backups of the tenant: they are sealed under the backup key and open until their points are removed',
    `backups of the databases: they hold wrapped data keys, which open until their generations${generations} are retired`,
    'the memory of processes that had the key open, for up to a minute; events, until the retention of their topics; logs',
    'what people of the tenant have on their devices, or passed on',
  ];
}
