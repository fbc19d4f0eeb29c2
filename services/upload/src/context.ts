import type { KeyManager, Leftovers, PackStore } from '@driftbox/chunk-store';
import type { Database } from '@driftbox/postgres';
import type { ByteBudget } from './byte-budget.ts';
import type { ChunkPool } from './chunk-pool.ts';
import type { LikeTiming } from './like-timing.ts';
import type { Metadata } from './metadata.ts';
import type { UploadMetrics } from './metrics.ts';
import type { PinReleaser } from './pin-releaser.ts';
import type { TenantKeys } from './keys/tenant-keys.ts';
import type { UpkeepMetrics } from './upkeep-metrics.ts';

/** Everything the rules of this service work with; made once, by app.ts. */
export type Context = {
  readonly database: Database;
  readonly metadata: Metadata;
  readonly pool: ChunkPool;
  /** The pool as a store of objects: all of them, whosever they are, and what lies beside them in each place. */
  readonly objects: { readonly store: PackStore; readonly leftovers: readonly Leftovers[] };
  /** Memory for bodies on their way in, and for reads on their way out. */
  readonly receiving: ByteBudget;
  readonly sending: ByteBudget;
  readonly metrics: UploadMetrics;
  readonly upkeepMetrics: UpkeepMetrics;
  /** Hides from the clock which chunks other drives have. */
  readonly timing: LikeTiming;
  readonly pins: PinReleaser;
  /** Data keys of tenants, unwrapped, and what they are wrapped by. */
  readonly keys: TenantKeys;
  readonly keyManager: KeyManager;
  /** Signs content URLs; at least 32 bytes, the same in every process. */
  readonly contentUrlSecret: Uint8Array;
  readonly settings: { readonly uploadTtlSeconds: number; readonly commitWithinMs: number; readonly recheckMs: number };
  readonly nowMs: () => number;
};
