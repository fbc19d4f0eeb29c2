import { strict as assert } from 'node:assert';
import { createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import type { PackId } from './pack-id.ts';

/** Bytes of every key here: AES-256. */
export const keyBytes = 32;

/** A tenant's secret from which the keys of its packs come. A later generation serves new packs; old packs keep theirs. */
export type DataKey = {
  readonly tenant: TenantId;
  /** 1 and up; stands in the header of each pack. */
  readonly generation: number;
  /** Opaque, so that no log or dump shows it. */
  readonly secret: KeyObject;
};

/** A new random data key. */
export function generateDataKey(tenant: TenantId, generation: number): DataKey {
  return dataKeyOf(tenant, generation, randomBytes(keyBytes));
}

/** A data key from its 32 secret bytes, as they come from unwrapping. */
export function dataKeyOf(tenant: TenantId, generation: number, secret: Uint8Array): DataKey {
  assert(secret.length === keyBytes, 'a data key has 32 bytes');
  assert(Number.isInteger(generation) && generation >= 1 && generation <= 0xffffffff, 'a generation is 1 to 2^32 - 1');
  return { tenant, generation, secret: createSecretKey(secret) };
}

/**
 * 16 bytes by which a data key is recognised, and that tell nothing of it or of any pack's key: whoever opens a wrapped key learns
 * whether it is the one that was wrapped.
 */
export function fingerprintOf({ tenant, generation, secret }: DataKey): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `driftbox data key fingerprint 1 ${tenant} ${generation}`, 16));
}

/** The key of one pack: HKDF-SHA-256 (RFC 5869) of the data key, salted with the pack id. */
export function derivePackKey(key: DataKey, pack: PackId): KeyObject {
  const info = `driftbox pack 1 ${key.tenant} ${key.generation}`;
  return createSecretKey(Buffer.from(hkdfSync('sha256', key.secret, Buffer.from(pack, 'hex'), info, keyBytes)));
}
