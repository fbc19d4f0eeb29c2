import { statement, type Transaction } from '@driftbox/postgres';

const remove = statement({ name: 'auth.delete-signing-keys', text: 'DELETE FROM signing_keys WHERE key_id = ANY ($1::text[])' });

export async function deleteSigningKeys(tx: Transaction, keyIds: readonly string[]): Promise<void> {
  await tx.query(remove, [keyIds]);
}
