import { createHash } from 'node:crypto';
import type { DeviceId } from '@driftbox/domain';
import { addressKey } from '@driftbox/service-kit';

/** Attempts within one window before sign-in is refused for its rest. */
export type ThrottleLimits = {
  readonly windowMs: number;
  /** Of one identity from one address. */
  readonly pair: number;
  /** The same, once the address as a whole has made `address` attempts: it is guessing around. */
  readonly pairWhenSuspicious: number;
  readonly address: number;
  /** Of one identity from all addresses together, without a known device. */
  readonly identity: number;
  /** Of one identity on one device that it has signed in on before. */
  readonly device: number;
};

export const defaultThrottle: ThrottleLimits = {
  windowMs: 15 * 60_000,
  pair: 10,
  pairWhenSuspicious: 3,
  address: 100,
  identity: 100,
  device: 10,
};

/** What a sign-in is counted under. A device known to be the identity's has a count of its own, which no stranger can use up. */
export type AttemptKeys =
  | { readonly kind: 'known-device'; readonly device: Buffer }
  | { readonly kind: 'stranger'; readonly pair: Buffer; readonly address: Buffer; readonly identity: Buffer };

/** Attempts in the current window, this one included. */
export type AttemptCounts =
  | { readonly kind: 'known-device'; readonly device: number }
  | { readonly kind: 'stranger'; readonly pair: number; readonly address: number; readonly identity: number };

function keyOf(...parts: string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** The keys of a sign-in; `knownDevice` only if the device is the identity's. Hashed: they hold addresses of strangers. */
export function attemptKeys(email: string, address: string, knownDevice: DeviceId | undefined): AttemptKeys {
  if (knownDevice !== undefined) return { kind: 'known-device', device: keyOf('device', email, knownDevice) };
  const network = addressKey(address);
  return {
    kind: 'stranger',
    pair: keyOf('pair', email, network),
    address: keyOf('address', network),
    identity: keyOf('identity', email),
  };
}

/**
 * Whether an attempt may go on. An address alone never refuses anybody: many may share it. A suspicious one only
 * shortens the patience for each identity tried from it.
 */
export function mayAttempt(counts: AttemptCounts, limits: ThrottleLimits): boolean {
  if (counts.kind === 'known-device') return counts.device <= limits.device;
  const pairLimit = counts.address > limits.address ? limits.pairWhenSuspicious : limits.pair;
  return counts.pair <= pairLimit && counts.identity <= limits.identity;
}
