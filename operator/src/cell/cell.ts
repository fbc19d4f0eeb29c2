import { cellKind } from '@driftbox/resources';
import { resourceKindOf } from '../resource-kind-of.ts';
import type { Rotation } from './rotation.ts';
import type { Condition, KubeObject, WithStatus } from '../runtime/index.ts';

/** What Helm has installed for a cell. */
export type ReleaseStatus = { readonly name: string; readonly chart: string; readonly revision: number; readonly digest: string };

/** What the operator says of a Cell. */
export type CellStatus = {
  readonly observedGeneration: number;
  /** Absent until the operator has looked at it. */
  readonly conditions?: readonly Condition[];
  readonly cellId?: string;
  readonly namespace?: string;
  /** The version that runs. */
  readonly version?: string;
  /** The version that an upgrade to has begun, and is not done. */
  readonly upgrading?: string;
  readonly address?: string;
  readonly tenants?: number;
  readonly releases?: readonly ReleaseStatus[];
  readonly rotation?: Rotation;
  readonly plan?: string;
  readonly requestedAt?: string;
};

/** A Cell as it comes from the API: its spec is judged before it is believed. */
export type Cell = WithStatus<CellStatus> & { readonly spec: unknown };

/** Of a Tenant, what a Cell needs to know. */
export type TenantOfCell = KubeObject & {
  readonly spec: { readonly isolation?: { readonly shared?: { readonly cell?: string } } };
  readonly status?: { readonly cell?: string };
};

export const cellResource = resourceKindOf(cellKind);

/** Keeps a Cell until what was made for it is gone. */
export const cellFinalizer = 'driftbox.io/cell-protection';
/** Who applies what is made and said of Cells. */
export const cellManager = 'driftbox-cell';
