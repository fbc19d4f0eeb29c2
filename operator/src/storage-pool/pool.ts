import { storagePoolKind, type StoragePoolSpec } from '@driftbox/resources';
import { resourceKindOf } from '../resource-kind-of.ts';
import type { Condition, KubeObject, WithStatus } from '../runtime/index.ts';
import type { ShownContent } from '../tenant/tenant.ts';

/** What the operator says of a StoragePool. */
export type PoolStatus = {
  readonly observedGeneration: number;
  /** Absent until the operator has looked at it. */
  readonly conditions?: readonly Condition[];
  /** Of DriftBox, that a MinIO of ours is of. */
  readonly version?: string;
  readonly bucket?: string;
  /** The pool that cells mirror this one in: what the spec names, once that was ready for the first time. */
  readonly mirror?: string;
  readonly features?: readonly string[];
  readonly capacity?: string;
  readonly allocated?: string;
  readonly used?: string;
  readonly content?: ShownContent;
  readonly plan?: string;
  readonly requestedAt?: string;
};

/** A StoragePool as it comes from the API: its spec is judged before it is believed. */
export type Pool = WithStatus<PoolStatus> & { readonly spec: unknown };

/** Of a Cell, what a pool needs to know. */
export type CellOfPool = KubeObject & {
  readonly spec: { readonly pools?: readonly string[]; readonly template?: boolean };
  readonly status?: { readonly version?: string };
};

/** Of whatever keeps backups, what a pool needs to know: whether they are there. */
export type BackupsOfPool = KubeObject & { readonly spec: { readonly destination?: { readonly pool?: string } } };

/** Of a Tenant, what a pool needs to know: whether it lies there, what it was promised and has, and whether its last backup goes there. */
export type TenantOfPool = KubeObject & {
  readonly spec: {
    readonly pool?: string;
    readonly quota?: string;
    readonly limits?: { readonly storage?: string };
    readonly snapshot?: BackupsOfPool['spec'];
  };
  readonly status?: { readonly pool?: string; readonly usage?: { readonly storage: string }; readonly content?: ShownContent };
};

/** Of a Quota, what a pool needs to know. */
export type QuotaOfPool = KubeObject & { readonly spec: { readonly storage?: string } };

export const poolResource = resourceKindOf(storagePoolKind);

/** Keeps a StoragePool until what was made for it is gone. */
export const poolFinalizer = 'driftbox.io/pool-protection';
/** Who applies what is made and said of StoragePools. */
export const poolManager = 'driftbox-pool';

export type { StoragePoolSpec };
