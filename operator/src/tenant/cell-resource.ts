import { cellKind, storagePoolKind } from '@driftbox/resources';
import { resourceKindOf } from '../resource-kind-of.ts';
import type { Condition, WithStatus } from '../runtime/index.ts';

/** A Cell, StoragePool or Quota, as far as a Tenant looks at it; its spec is judged before it is believed. */
export type OtherResource = WithStatus<{
  readonly conditions?: readonly Condition[];
  readonly capacity?: string;
  readonly version?: string;
  readonly rotation?: { readonly since?: string | undefined };
}> & {
  readonly spec: unknown;
};

export const cellResource = resourceKindOf(cellKind);
export const poolResource = resourceKindOf(storagePoolKind);
