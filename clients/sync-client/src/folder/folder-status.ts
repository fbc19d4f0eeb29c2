import type { Store } from '../ports/store.ts';
import type { WaitingEntry } from '../sync-loop.ts';
import { pathOf } from './tell-server.ts';
import type { Unusable } from './tell-disk.ts';
import type { StateFolder } from './state-folder.ts';

/** How a synced folder stands, as the process that syncs it last wrote it down. */
export type FolderStatus = {
  /** The process that wrote it. */
  readonly pid: number;
  readonly state: 'syncing' | 'in_sync' | 'waiting' | 'offline' | 'halted' | 'paused' | 'stopped';
  /** Why it is offline or halted. */
  readonly reason?: string | undefined;
  /** RFC 3339. */
  readonly at: string;
  /** When everything was last the same on both sides. */
  readonly inSyncAt?: string | undefined;
  readonly waiting: readonly WaitingPath[];
};

/** Something that is not in sync, and why; `retryAt` when it is tried again by itself. */
export type WaitingPath = { readonly path: string; readonly reason: string; readonly retryAt?: string | undefined };

/** Most paths that a status names. */
const maxWaiting = 1_000;

/** What waits, by path. */
export function waitingPaths(waiting: readonly WaitingEntry[], unusable: Unusable, store: Store): WaitingPath[] {
  const entries = waiting.slice(0, maxWaiting).map(({ entryId, reason, dueMs }) => {
    const retryAt = dueMs === undefined ? undefined : new Date(dueMs).toISOString();
    return { path: pathOf(store, entryId), reason, ...(retryAt === undefined ? {} : { retryAt }) };
  });
  const names = [...unusable].slice(0, maxWaiting).map(([path, reason]) => ({ path, reason }));
  return [...entries, ...names].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const file = 'status.json';

/** Writes the status down for others to read. */
export function writeStatus(state: StateFolder, status: FolderStatus): void {
  state.write(file, JSON.stringify(status));
}

/** The status that was last written; `undefined` before the first. Whether its process still runs is for the caller to find out. */
export function readStatus(state: StateFolder): FolderStatus | undefined {
  const text = state.read(file);
  return text === undefined ? undefined : (JSON.parse(text) as FolderStatus);
}
