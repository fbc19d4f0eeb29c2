import { strict as assert } from 'node:assert';
import { randomBytes } from 'node:crypto';
import type { Brand } from '@driftbox/domain';

/** 128 random bits as 32 lower-case hex digits: the name of a pack, of its object in the pool, and the salt of its key. */
export type PackId = Brand<string, 'PackId'>;

const hexId = /^[0-9a-f]{32}$/;

/** Answers the branded id, or `undefined` unless `text` is 32 lower-case hex digits. */
export function parsePackId(text: string): PackId | undefined {
  return hexId.test(text) ? (text as PackId) : undefined;
}

/** Ids that were named by a caller instead of drawn. */
const named = new Set<PackId>();

/**
 * The right to encrypt one pack. A pack's key and nonces follow from its id, so encrypting twice under one id would
 * reveal plain bytes: each identity is spent by the first writer that takes it.
 */
export class PackIdentity {
  readonly id: PackId;
  #spent = false;

  private constructor(id: PackId) {
    this.id = id;
  }

  /** A new id that nobody else has. */
  static random(): PackIdentity {
    return new PackIdentity(randomBytes(16).toString('hex') as PackId);
  }

  /** A given id, for golden files; asking for the same one twice fails. */
  static named(id: PackId): PackIdentity {
    assert(!named.has(id), 'a pack id encrypts once');
    named.add(id);
    return new PackIdentity(id);
  }

  /** Takes the right to encrypt. Fails the second time. */
  spend(): PackId {
    assert(!this.#spent, 'a pack id encrypts once');
    this.#spent = true;
    return this.id;
  }
}
