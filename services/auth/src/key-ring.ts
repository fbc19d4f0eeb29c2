import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import type { Database, Transaction } from '@driftbox/postgres';
import { openKey, sealKey } from './seal-key.ts';
import { deleteSigningKeys } from './store/delete-signing-keys.ts';
import { insertSigningKey } from './store/insert-signing-key.ts';
import { listSigningKeys, type SigningKeyRow } from './store/list-signing-keys.ts';
import { lockSigningKeys } from './store/lock-signing-keys.ts';

/** When keys come and go, in milliseconds. */
export type KeySchedule = {
  /** A key signs for this long before the next one takes over. */
  readonly signingMs: number;
  /** A new key is published for this long before it signs, so that verifiers have it by then. */
  readonly publishMs: number;
  /** A key stays published for this long after it last signed: the life of an access token and some more. */
  readonly keepMs: number;
};

export const defaultSchedule: KeySchedule = { signingMs: 30 * 86_400_000, publishMs: 10 * 60_000, keepMs: 20 * 60_000 };

/** Which row signs at `nowMs`: the newest that may. Rows are in the order they begin to sign. */
export function signerAt<Row extends { readonly signsFromMs: number }>(rows: readonly Row[], nowMs: number): Row | undefined {
  return rows.findLast((row) => row.signsFromMs <= nowMs) ?? rows[0];
}

/** What rotation has to do: whether another key is due, and which have had their time. */
export function planRotation(
  rows: readonly SigningKeyRow[],
  nowMs: number,
  schedule: KeySchedule,
): { add: { signsFromMs: number } | undefined; remove: string[] } {
  const newest = rows.at(-1);
  let add: { signsFromMs: number } | undefined;
  if (newest === undefined) add = { signsFromMs: nowMs };
  else if (newest.signsFromMs + schedule.signingMs <= nowMs + schedule.publishMs) add = { signsFromMs: nowMs + schedule.publishMs };
  const remove = rows.filter((_row, index) => {
    const next = rows[index + 1];
    return next !== undefined && next.signsFromMs + schedule.keepMs <= nowMs;
  });
  return { add, remove: remove.map((row) => row.keyId) };
}

type Parts = { readonly database: Database; readonly secret: string; readonly nowMs: () => number; readonly schedule: KeySchedule };

/** The signing keys of all replicas, in the database; private halves sealed. */
export class KeyRing {
  readonly #parts: Parts;
  #rows: readonly SigningKeyRow[] = [];
  readonly #opened = new Map<string, KeyObject>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Reads the keys and rotates them where due. To be called at start and every minute. */
  async refresh(): Promise<void> {
    this.#rows = await this.#parts.database.systemTransaction((tx) => this.#rotate(tx));
  }

  async #rotate(tx: Transaction): Promise<readonly SigningKeyRow[]> {
    const { nowMs, schedule } = this.#parts;
    const before = await listSigningKeys(tx);
    const plan = planRotation(before, nowMs(), schedule);
    if (plan.add === undefined && plan.remove.length === 0) return before;
    await lockSigningKeys(tx);
    const agreed = planRotation(await listSigningKeys(tx), nowMs(), schedule);
    if (agreed.add !== undefined) await insertSigningKey(tx, this.#newKey(agreed.add.signsFromMs));
    if (agreed.remove.length > 0) await deleteSigningKeys(tx, agreed.remove);
    return listSigningKeys(tx);
  }

  #newKey(signsFromMs: number): SigningKeyRow {
    const { privateKey } = generateKeyPairSync('ed25519');
    const keyId = randomBytes(12).toString('base64url');
    const publicKey = { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'EdDSA' };
    return { keyId, publicKey, sealedKey: sealKey(this.#parts.secret, keyId, privateKey), createdMs: this.#parts.nowMs(), signsFromMs };
  }

  /** The key that signs now. Throws when its seal does not open: the cell's secret is another one. */
  signer(): { keyId: string; key: KeyObject } {
    const row = signerAt(this.#rows, this.#parts.nowMs());
    if (row === undefined) throw new Error('there is no signing key yet');
    let key = this.#opened.get(row.keyId);
    if (key === undefined) {
      this.#opened.clear();
      this.#opened.set(row.keyId, (key = openKey(this.#parts.secret, row.keyId, row.sealedKey)));
    }
    return { keyId: row.keyId, key };
  }

  /** The key set to publish (RFC 7517). */
  publicKeys(): Record<string, unknown>[] {
    return this.#rows.map((row) => row.publicKey);
  }
}
