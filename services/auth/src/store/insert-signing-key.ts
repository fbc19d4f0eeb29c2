import { statement, type Transaction } from '@driftbox/postgres';
import type { SigningKeyRow } from './list-signing-keys.ts';

const insert = statement({
  name: 'auth.insert-signing-key',
  text: 'INSERT INTO signing_keys (key_id, public_key, sealed_key, created_at, signs_from) VALUES ($1, $2, $3, $4, $5)',
});

export async function insertSigningKey(tx: Transaction, row: SigningKeyRow): Promise<void> {
  await tx.query(insert, [row.keyId, JSON.stringify(row.publicKey), row.sealedKey, new Date(row.createdMs), new Date(row.signsFromMs)]);
}
