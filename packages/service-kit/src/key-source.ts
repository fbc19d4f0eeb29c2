import { createPublicKey, type KeyObject } from 'node:crypto';
import type { CountLookup } from './count-lookups.ts';

/** A JSON Web Key as auth publishes it (RFC 7517). */
export type PublicKey = Readonly<Record<string, unknown>>;

/** The keys that verify access tokens. */
export type KeySource = {
  /** The key of this id, or `undefined` when auth does not publish it. */
  find(keyId: string): Promise<KeyObject | undefined>;
};

type KeySourceOptions = {
  /** Asks auth for its key set. */
  readonly fetch: () => Promise<{ readonly keys: readonly PublicKey[] }>;
  /** An unknown id makes the set be fetched again at most this often; default 5,000 ms. */
  readonly minimumRefetchMs?: number;
  /** A known set is fetched again in the background after this; default 300,000 ms. */
  readonly maximumAgeMs?: number;
  /** What durations are measured by; default a clock that nobody can set. */
  readonly nowMs?: () => number;
  readonly count?: CountLookup;
};

const maxKeys = 64;

function importKeys(set: { readonly keys: readonly PublicKey[] }): Map<string, KeyObject> {
  const keys = new Map<string, KeyObject>();
  for (const key of set.keys.slice(0, maxKeys)) {
    if (key.kty !== 'OKP' || key.crv !== 'Ed25519' || typeof key.kid !== 'string') continue;
    keys.set(key.kid, createPublicKey({ key: key, format: 'jwk' }));
  }
  return keys;
}

/** Holds auth's key set. While auth is away, known keys go on verifying. */
export function createKeySource(options: KeySourceOptions): KeySource {
  const { fetch, minimumRefetchMs = 5_000, maximumAgeMs = 300_000, nowMs = () => performance.now(), count } = options;
  let keys = new Map<string, KeyObject>();
  let fetchedAtMs = -Infinity;
  let triedAtMs = -Infinity;
  let running: Promise<void> | undefined;

  function refetch(): Promise<void> {
    triedAtMs = nowMs();
    running ??= fetch()
      .then((set) => {
        keys = importKeys(set);
        fetchedAtMs = nowMs();
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  return {
    async find(keyId) {
      const known = keys.get(keyId);
      count?.(known !== undefined);
      if (known !== undefined) {
        if (nowMs() - fetchedAtMs > maximumAgeMs && nowMs() - triedAtMs > minimumRefetchMs) refetch().catch(() => {});
        return known;
      }
      if (running === undefined && nowMs() - triedAtMs < minimumRefetchMs && fetchedAtMs !== -Infinity) return undefined;
      await refetch();
      return keys.get(keyId);
    },
  };
}
