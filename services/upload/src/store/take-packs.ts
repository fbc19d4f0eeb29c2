import { statement, type Transaction } from '@driftbox/postgres';

const someStatement = statement({
  name: 'upload.some-packs',
  text: 'SELECT pack_id, size_bytes FROM packs WHERE tenant = $1 ORDER BY pack_id LIMIT $2',
});
const forgetStatement = statement({
  name: 'upload.forget-packs',
  text: 'DELETE FROM packs WHERE tenant = $1 AND pack_id = ANY ($2::uuid[])',
});

/** Some packs of the tenant, at most `limit`. */
export async function somePacks(tx: Transaction, limit: number): Promise<{ pack_id: string; size_bytes: number }[]> {
  return (await tx.query<{ pack_id: string; size_bytes: number }>(someStatement, [tx.tenantId, limit])).rows;
}

/** Forgets packs whose objects are gone. */
export function forgetPacks(tx: Transaction, packIds: readonly string[]): void {
  tx.defer(forgetStatement, [tx.tenantId, packIds]);
}
