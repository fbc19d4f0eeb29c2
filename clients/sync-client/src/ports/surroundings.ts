import type { EntryId, WriteId } from '@driftbox/domain';
import type { NameRules, Plan, ReconcileInput, RemoteEntry } from '@driftbox/sync-core';
import type { News } from '../news.ts';
import type { Disk, LocalPath, Stat } from './disk.ts';
import type { Mounts } from './mounts.ts';
import type { Refuge } from './refuge.ts';
import type { Server } from './server.ts';
import type { Store } from './store.ts';

/** Everything the loop works with. It takes clock and chance from outside so that it runs as well under simulated ones. */
export type Surroundings = {
  readonly disk: Disk;
  readonly server: Server;
  readonly store: Store;
  readonly mounts: Mounts;
  /** Where what was changed is left while the drive may only be read; absent where there is no drive around it. */
  readonly refuge?: Refuge | undefined;
  readonly nowMs: () => number;
  readonly freshEntryId: () => EntryId;
  readonly freshWriteId: () => WriteId;
  readonly reconcile: (input: ReconcileInput) => Plan;
  /** Why a plan must not be carried out without a person's consent; `undefined` when it may. */
  readonly objection: (plan: Plan, store: Store) => string | undefined;
  /** Why nothing may be concluded from a folder that is suddenly empty; `undefined` when a person has said that it is meant so. */
  readonly objectionToEmpty: () => string | undefined;
  /** Whether the server may be ahead of what was read, by what its hints say. */
  readonly news: Pick<News, 'mayBe' | 'reading'>;
  /** The drive's root. */
  readonly rootId: EntryId;
  readonly names: NameRules;
  readonly device: string;
  /** What is never looked at on disk. */
  readonly ignored: (path: LocalPath, kind: Stat['kind']) => boolean;
  /** False for what this device does not want. */
  readonly selected: (entry: RemoteEntry) => boolean;
};
