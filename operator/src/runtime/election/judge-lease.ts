import { microTime } from '../api/micro-time.ts';
import type { LeaseSpec } from './lease.ts';

/** How long a lead lasts, and how it is kept. */
export type LeaseTiming = {
  /** For so long after its last renewal nobody else takes the lead. */
  readonly durationMs: number;
  /** A leader that could not renew for so long is none any more. */
  readonly renewWithinMs: number;
  /** How often a leader renews and others look. */
  readonly retryMs: number;
};

/** As Kubernetes' own components have it. */
export const defaultLeaseTiming: LeaseTiming = { durationMs: 15_000, renewWithinMs: 10_000, retryMs: 2_000 };

/** A record as last seen, and when, by our own clock, it was first seen so. */
export type Sighting = { readonly spec: LeaseSpec; readonly changedMs: number };

/** Takes note of a record that was read at `nowMs`. Its own times are not looked at: another machine's clock may be wrong. */
export function sight(previous: Sighting | undefined, spec: LeaseSpec, nowMs: number): Sighting {
  const isSame = previous !== undefined && JSON.stringify(previous.spec) === JSON.stringify(spec);
  return isSame ? previous : { spec, changedMs: nowMs };
}

/** Whether `identity` may write itself into the record: it is its own, nobody's, or one that has not moved for as long as it promised. */
export function mayTake({ spec, changedMs }: Sighting, identity: string, nowMs: number): boolean {
  const holder = spec.holderIdentity ?? '';
  if (holder === '' || holder === identity) return true;
  return nowMs - changedMs >= (spec.leaseDurationSeconds ?? 0) * 1000;
}

/** The record by which `identity` takes or renews the lead. */
export function nextRecord(known: LeaseSpec | undefined, identity: string, timing: LeaseTiming, epochMs: number): LeaseSpec {
  const now = microTime(epochMs);
  const isRenewal = known?.holderIdentity === identity;
  const transitions = known?.leaseTransitions ?? 0;
  return {
    holderIdentity: identity,
    leaseDurationSeconds: Math.ceil(timing.durationMs / 1000),
    acquireTime: isRenewal ? (known.acquireTime ?? now) : now,
    renewTime: now,
    leaseTransitions: isRenewal || known === undefined ? transitions : transitions + 1,
  };
}

/** The record by which a leader steps back: the next one need not wait. */
export function releasedRecord(known: LeaseSpec, epochMs: number): LeaseSpec {
  const now = microTime(epochMs);
  return { ...known, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now };
}
