import { statement, type ErasingStep } from '@driftbox/postgres';
import { dataKeysUnder } from '@driftbox/protocol';

const destroyDataKeysStatement = statement({
  name: 'upload.destroy-data-keys',
  text: 'DELETE FROM data_keys WHERE tenant = $1 RETURNING key_generation',
});

/** Destroys all data keys of the tenant, counted in all and by what wrapped them. */
export const destroyDataKeys: ErasingStep = async (tx) => {
  const { rows } = await tx.query<{ key_generation: number }>(destroyDataKeysStatement, [tx.tenantId]);
  const counted: Record<string, number> = { data_keys: rows.length };
  for (const { key_generation: wrappedUnder } of rows) {
    const name = dataKeysUnder(wrappedUnder);
    counted[name] = (counted[name] ?? 0) + 1;
  }
  return counted;
};
