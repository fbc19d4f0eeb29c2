import type { EntryId } from '@driftbox/domain';
import type { Tree, TreeEntry } from '@driftbox/sync-core';
import type { PendingOperation, Server, Settled } from '../ports/server.ts';
import type { Store } from '../ports/store.ts';
import type { Deed, Tell } from './deed.ts';

/** The same server, telling what it was made to do. */
export function tellServer(server: Server, store: Pick<Store, 'local' | 'remote' | 'synced'>, tell: Tell): Server {
  return {
    changes: (after, limit) => server.changes(after, limit),
    below: (folderId) => server.below(folderId),
    fetch: (wanted, arrived) => server.fetch(wanted, arrived),
    send: (epoch, operations, hooks) =>
      server.send(epoch, operations, {
        sending: hooks.sending,
        settled: (results) => {
          // Before it is recorded: afterwards what was deleted has no path any more.
          const deeds = results.map(({ operation, settled }) => deedOf(operation, settled, pathOf(store, operation.operation.entryId)));
          hooks.settled(results);
          for (const deed of deeds) if (deed !== undefined) tell(deed);
        },
      }),
  };
}

function deedOf({ operation, source }: PendingOperation, settled: Settled, path: string): Deed | undefined {
  const at = { side: 'server', path: source?.path ?? path } as const;
  if (settled.result === 'source_changed') return undefined;
  if (settled.result === 'failed') return { ...at, deed: 'refused', detail: settled.reason };
  if (settled.outcome.outcome !== 'committed') return { ...at, deed: 'refused', detail: settled.outcome.outcome };
  switch (operation.op) {
    case 'putFile':
      return { ...at, deed: 'sent', ...(settled.content === undefined ? {} : { sizeBytes: settled.content.sizeBytes }) };
    case 'createFolder':
    case 'putSymlink':
      return { ...at, deed: 'made' };
    case 'move':
      return { ...at, deed: 'moved' };
    case 'delete':
      return { ...at, deed: 'removed' };
    case 'setAttributes':
      return { ...at, deed: 'attributes' };
  }
}

/** Where an entry is, on this device or else on the server: names joined by `/`. */
export function pathOf(store: Pick<Store, 'local' | 'remote' | 'synced'>, entryId: EntryId): string {
  for (const tree of [store.local, store.remote, store.synced]) {
    const path = pathIn(tree, entryId);
    if (path !== undefined) return path;
  }
  return entryId;
}

/** Where an entry is in one tree; `undefined` when it is not in it. */
export function pathIn(tree: Tree<TreeEntry>, entryId: EntryId): string | undefined {
  const names: string[] = [];
  // A tree that is being written may have a cycle for a moment: then a part of the path is told.
  const seen = new Set<EntryId>();
  for (let entry = tree.get(entryId); entry !== undefined && !seen.has(entry.entryId); entry = tree.get(entry.parentId)) {
    seen.add(entry.entryId);
    names.unshift(entry.name);
  }
  return names.length === 0 ? undefined : names.join('/');
}
