import { tenantKind } from '@driftbox/resources';
import { resourceKindOf } from '../resource-kind-of.ts';
import type { Condition, KubeObject, ResourceKind, WithStatus } from '../runtime/index.ts';

/** What the operator says of a Tenant. */
export type TenantStatus = {
  readonly observedGeneration: number;
  /** Absent until there was a pass: the API server fills in the number alone. */
  readonly conditions?: readonly Condition[];
  readonly tenantId?: string;
  readonly cell?: string;
  readonly pool?: string;
  /** Coarse: see `coarse-usage.ts`. */
  readonly usage?: CoarseUsage;
  readonly content?: ShownContent;
  readonly limits?: { readonly storage?: string };
  readonly plan?: string;
  readonly requestedAt?: string;
};

/** Usage as the status shows it: bytes with a unit, files, people. */
export type CoarseUsage = { readonly storage: string; readonly files: number; readonly users: number };

/** How whole the content was found, by the day (UTC). */
export type ShownContent = { readonly verifiedSince?: string; readonly damagedChunks: number };

/** A Tenant as it comes from the API: its spec is judged before it is believed. */
export type Tenant = WithStatus<TenantStatus> & { readonly spec: unknown };

/** A ConfigMap of the operator's namespace: the record of a tenant, or a claim on a host. */
export type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };
/** A Secret; watched without its data. */
export type Secret = KubeObject & { readonly data?: Readonly<Record<string, string>> };

export const tenantResource = resourceKindOf(tenantKind);
export const configMapKind: ResourceKind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
export const secretKind: ResourceKind = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };

/** Keeps a Tenant until what is in its cell is kept or erased, as its policy says. */
export const tenantFinalizer = 'driftbox.io/tenant';
/** Who applies what belongs to Tenants. */
export const tenantManager = 'driftbox-tenant';
