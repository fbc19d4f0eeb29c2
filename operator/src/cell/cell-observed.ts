import type { CellSpec } from '@driftbox/resources';
import type { CatalogueVersion } from '../catalogue.ts';
import type { Workload } from '../workload.ts';
import type { CellInput } from './cell-input.ts';
import type { Cell } from './cell.ts';
import type { Master } from './master-secret.ts';
import type { RedisSeen } from './redis-passwords.ts';
import type { Upgrade } from './plan-upgrade.ts';
import type { Holders } from './see-holders.ts';
import type { BackendsTried } from './try-backends.ts';

/** Something that only somebody else can mend, by the reason of the condition that says so. */
export type Trouble = { readonly reason: string; readonly message: string };

/** A namespace of ours by its name: not there, somebody else's, on its way out, or ours, with what was last made in it. */
export type NamespaceSeen =
  | { readonly kind: 'absent' | 'foreign' | 'ending' }
  | { readonly kind: 'ours'; readonly base: string | undefined };

/** A certificate that the operator makes for a cell: not its business, to be made or made anew, or good. */
export type CertificateSeen = 'foreign' | 'due' | 'good';

/** How far a migration is. */
export type MigrationSeen = 'absent' | 'running' | 'succeeded' | 'failed';

/** What is known of a Cell when it is decided on. */
export type CellObserved = {
  readonly cell: Cell;
  /** With defaults; absent where something is wrong with it. */
  readonly spec: CellSpec | undefined;
  readonly faults: readonly string[];
  /** Names of the tenants that it holds, in any order. */
  readonly tenants: readonly string[];
  readonly upgrade: Upgrade;
  /** What is to run now: what runs, for as long as an upgrade waits, else what the spec says. */
  readonly version: CatalogueVersion | undefined;
  /** Every version that there is, the newest last. */
  readonly versions: readonly string[];
  /** What is missing among what it names. */
  readonly missing: Trouble | undefined;
  /** Absent until it was made. */
  readonly master: Master | undefined;
  readonly namespace: NamespaceSeen;
  readonly certificate: CertificateSeen;
  /** Those by which its parts know one another. */
  readonly inner: CertificateSeen;
  /** The pool is good for packs; the message says why not. */
  readonly pool: { readonly isReady: boolean; readonly message: string };
  readonly backends: BackendsTried;
  /** Everything that its objects follow from, once all of that is known. */
  readonly input: CellInput | undefined;
  /** Digest of what is to be in the namespace before anything runs. */
  readonly base: string;
  readonly migration: MigrationSeen;
  readonly workloads: readonly Workload[];
  /** Looked at while secrets are rotated, and later than workloads: whose old pods are gone from those has made no other since. */
  readonly holders?: Holders | undefined;
  /** Looked at while secrets are rotated. */
  readonly redis?: RedisSeen | undefined;
  /** It is time to look at everything, also for what somebody changed by hand. */
  readonly isDeep: boolean;
  readonly epochMs: number;
};
