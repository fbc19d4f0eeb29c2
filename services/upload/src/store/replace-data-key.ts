import type { KeyName, WrappedKey } from '@driftbox/chunk-store';
import { statement, type Database } from '@driftbox/postgres';
import type { KeptKey } from './read-data-keys.ts';

const replaceDataKeyStatement = statement({
  name: 'upload.replace-data-key',
  text: `
    UPDATE data_keys SET key_generation = $3, wrapped = $4, fingerprint = $6
    WHERE tenant = $1 AND generation = $2 AND wrapped = $5 RETURNING generation`,
});

/** Puts another wrapping of the same key in place of `old`. `false`: `old` is not there any more. */
export async function replaceDataKey(database: Database, of: KeyName, old: WrappedKey, fresh: KeptKey): Promise<boolean> {
  const { keyGeneration, bytes, fingerprint } = fresh;
  const recognised = fingerprint === undefined ? null : Buffer.from(fingerprint);
  const values = [of.tenant, of.generation, keyGeneration, Buffer.from(bytes), Buffer.from(old.bytes), recognised];
  const { rows } = await database.withTenant(of.tenant, replaceDataKeyStatement, values, { readOnly: false, attempts: 3 });
  return rows.length === 1;
}
