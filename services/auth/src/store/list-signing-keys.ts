import { statement, type Transaction } from '@driftbox/postgres';

export type SigningKeyRow = {
  readonly keyId: string;
  readonly publicKey: Record<string, unknown>;
  readonly sealedKey: Buffer;
  readonly createdMs: number;
  readonly signsFromMs: number;
};

const select = statement({
  name: 'auth.list-signing-keys',
  text: `SELECT key_id AS "keyId", public_key AS "publicKey",
           sealed_key AS "sealedKey", created_at AS "createdMs", signs_from AS "signsFromMs"
         FROM signing_keys ORDER BY signs_from, key_id LIMIT 64`,
});

/** All keys, the newest last. */
export async function listSigningKeys(tx: Transaction): Promise<SigningKeyRow[]> {
  return (await tx.query<SigningKeyRow>(select)).rows;
}
