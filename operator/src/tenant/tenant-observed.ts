import type { TenantId } from '@driftbox/domain';
import type { ServiceName, TenantErasure } from '@driftbox/protocol';
import type { CellExposure, QuotaSpec, TenantRecord, TenantSpec } from '@driftbox/resources';
import type { CellView, Probe } from './cell-door.ts';
import type { PlaceableCell, PlaceablePool } from '@driftbox/resources';
import type { LastBackupSeen } from './last-backup.ts';
import type { IssuerSecret } from './read-issuer-secrets.ts';
import type { Tenant } from './tenant.ts';

/** The limits that a tenant names. */
export type QuotaSeen =
  | { readonly kind: 'none' }
  | { readonly kind: 'found'; readonly spec: QuotaSpec }
  /** It does not exist, or what it says is wrong: then the limits that hold already go on. */
  | { readonly kind: 'unusable'; readonly why: string };

/** Who has a host. */
export type Claim = { readonly tenantId: TenantId; readonly tenant: string };

/** Whether the cell that a tenant is placed in can be asked. */
export type DoorSeen = { readonly kind: 'open' } | { readonly kind: 'waiting'; readonly why: string } | { readonly kind: 'notPlaced' };

/** What is known of a Tenant when a step is decided on. A step changes it as it changes the world. */
export type TenantObserved = {
  readonly tenant: Tenant;
  readonly tenantId: TenantId;
  /** Absent where it breaks a rule, as `faults` say. */
  readonly spec: TenantSpec | undefined;
  readonly faults: readonly string[];
  readonly quota: QuotaSeen;
  /** What is remembered of it for ever; absent until it has a place. */
  readonly record: TenantRecord | undefined;
  /** True where the Tenant that the record names does not exist any more. */
  readonly recordOrphaned: boolean;
  /** Of each host that it names or has: who has it. */
  readonly claims: ReadonlyMap<string, Claim>;
  /** Every cell that there is; every pool, but none once it has a place. */
  readonly cells: readonly PlaceableCell[];
  readonly pools: readonly PlaceablePool[];
  readonly door: DoorSeen;
  /** How people reach the cell that it is placed in. */
  readonly exposure: CellExposure | undefined;
  /** What the services say; absent where they were not asked. */
  readonly view: CellView | undefined;
  /** The one that is made before it is erased, where its policy says so. */
  readonly lastBackup: LastBackupSeen;
  /** What the services said about erasing it. */
  readonly erasures: Readonly<Partial<Record<ServiceName, TenantErasure>>>;
  /** Hosts that a service would not take, because a tenant that we do not know has them. */
  readonly takenInCell: readonly string[];
  /** Of the Secrets that its issuers name, those that hold something. */
  readonly issuerSecrets: ReadonlyMap<string, IssuerSecret>;
  readonly hasInvitation: boolean;
  readonly epochMs: number;
} & DoneInPass;

/** What this pass has done that nothing keeps. */
type DoneInPass = {
  /** The invitation, once it was read or made. */
  readonly invitation?: string;
  readonly registered?: true;
  readonly routed?: true;
  readonly probes?: readonly Probe[];
  /** The step that did not work, and why. */
  readonly failure?: { readonly step: string; readonly message: string; readonly cause: unknown };
};
