import type { KubeObject, ObjectMeta, ResourceKind } from '../api/object.ts';

/** The record that says who leads. Times are RFC 3339 with six fraction digits. */
export type LeaseSpec = {
  /** Empty or absent when nobody leads. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  /** How often the lead has gone from one to another. */
  readonly leaseTransitions?: number;
};

/** A `Lease` of coordination.k8s.io/v1. */
export type Lease = KubeObject & { readonly metadata: ObjectMeta; readonly spec?: LeaseSpec };

/** Where leases are served. */
export const leaseKind: ResourceKind = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease', plural: 'leases', namespaced: true };
