import { quotaKind } from '@driftbox/resources';
import { resourceKindOf } from '../resource-kind-of.ts';
import type { Condition, KubeObject, WithStatus } from '../runtime/index.ts';

/** What the operator says of a Quota. */
export type QuotaStatus = {
  readonly observedGeneration: number;
  readonly conditions: readonly Condition[];
  /** How many tenants name it. */
  readonly tenants?: number;
  readonly requestedAt?: string;
};

/** A Quota as it comes from the API: its spec is judged before it is believed. */
export type Quota = WithStatus<QuotaStatus> & { readonly spec: unknown };

/** Of a Tenant, what a Quota needs to know. */
export type TenantOfQuota = KubeObject & { readonly spec: { readonly quota?: string } };

export const quotaResource = resourceKindOf(quotaKind);

/** Keeps a Quota for as long as a tenant names it. */
export const quotaFinalizer = 'driftbox.io/quota-protection';
/** Who applies what is said of Quotas. */
export const quotaManager = 'driftbox-quota';
