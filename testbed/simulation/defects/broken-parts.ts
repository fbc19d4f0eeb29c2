import { commit, type EntryId } from '@driftbox/domain';
import { News, Offline, RootGone, type Disk, type Server, type Store, type Surroundings } from '@driftbox/sync-client';
import { reconcile, type LocalOperation } from '@driftbox/sync-core';
import type { Held } from '../disk/simulated-disk.ts';
import type { Ground, Process } from '../ground.ts';
import type { Rule } from '../server/simulated-server.ts';
import { override } from './override.ts';

/** A planner whose local operations are changed. */
export function planning(change: (local: readonly LocalOperation[]) => readonly LocalOperation[]): Surroundings['reconcile'] {
  return (input) => {
    const plan = reconcile(input);
    return { ...plan, local: change(plan.local) };
  };
}

/** A planner that swaps names in steps, each of which may be the last. */
export const swappingInSteps: Surroundings['reconcile'] = (input) => {
  const plan = reconcile(input);
  return { ...plan, remote: plan.remote.map((operation) => ({ ...operation, group: undefined })) };
};

export const ignoringBaseRev: Rule = (state, request) => {
  const newest = (entryId: EntryId) => state.entries.find((entry) => entry.entryId === entryId)?.rev;
  const operations = request.operations.map((operation) =>
    operation.op === 'putFile' && operation.baseRev !== null
      ? { ...operation, baseRev: newest(operation.entryId) ?? operation.baseRev }
      : operation,
  );
  return commit(state, { ...request, operations });
};

/** With a clock that stands still nothing is ever read because it is time to. */
export const believingSilence = (): News => new News(() => 0);

export function believingHints(store: Store, seq: number): void {
  const cursor = store.fact('cursor');
  if (cursor !== undefined) store.putFact('cursor', JSON.stringify({ ...(JSON.parse(cursor) as object), seq }));
}

const longPauseMs = 1_000;

/** Between the cursor and its page lies time in which the process may end: enough of it that few seeds hit upon that. */
export function keepingCursorFirst(server: Server, store: Store, ground: Ground, process: Process): Server {
  return override(server, {
    changes: async (after, limit) => {
      const page = await server.changes(after, limit);
      store.putFact('cursor', page.nextCursor);
      if (page.changes.length > 0) await ground.scheduler.sleep(longPauseMs, () => process.alive);
      return page;
    },
  });
}

/** A mount point with nothing on it looks like an empty folder to whoever does not ask what folder that is. */
export function takingAnyFolder(disk: Disk): Disk {
  const look = async <T>(there: () => Promise<T>, nothing: T): Promise<T> => {
    try {
      return await there();
    } catch (error) {
      if (error instanceof RootGone) return nothing;
      throw error;
    }
  };
  return override(disk, {
    list: (path) => look<Awaited<ReturnType<Disk['list']>>>(() => disk.list(path), path === '' ? { entries: [], unusable: [] } : undefined),
    stat: (path) => look(() => disk.stat(path), undefined),
  });
}

/** What one file meets ends the pass for all of them. */
export function givingUpTogether(server: Server): Server {
  return override(server, {
    fetch: (wanted, arrived) =>
      server.fetch(wanted, (one, content) => {
        if ('failed' in content) throw new Offline(content.failed);
        return arrived(one, content);
      }),
  });
}

/** Names compared as the server compares them, whatever the disk does. */
export const tellingCases: Surroundings['reconcile'] = (input) => {
  return reconcile({ ...input, names: { exact: true, keyOf: (name) => name, representable: () => true } });
};

/** Each file is received in the tree, beside its place, and moved there. */
export function receivingInTheTree(disk: Disk, { tree }: Held): Disk {
  return override(disk, {
    place: async (arrived, path, expected) => {
      tree.put(`${path}.part`, tree.make('file', { sizeBytes: 1 }));
      const placed = await disk.place(arrived, path, expected);
      if (placed.outcome === 'done') tree.put(`${path}.part`, undefined);
      return placed;
    },
  });
}

export function placingBlindly(disk: Disk): Disk {
  return override(disk, { place: async (arrived, path) => disk.place(arrived, path, await disk.stat(path)) });
}

export function neverFlushing(disk: Disk): Disk {
  return override(disk, { flush: async () => {} });
}

export function forgettingPending(store: Store): Store {
  return override(store, { pending: () => [], late: () => [] });
}

/** What was given up is somebody else's when it arrives after all. */
export function disowningLateArrivals(store: Store): Store {
  return override(store, { late: () => [] });
}

export function forgettingIdentities(store: Store): Store {
  return override(store, { localByIdentity: () => undefined });
}

export function trustingEverything(store: Store): Store {
  return override(store, { putLocal: (row) => store.putLocal({ ...row, trusted: true }) });
}
