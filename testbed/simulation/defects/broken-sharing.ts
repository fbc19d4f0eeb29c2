import type { LocalPath, Mounts, Refuge } from '@driftbox/sync-client';
import type { FileTree } from '../disk/file-tree.ts';
import { override } from './override.ts';

/** What may not be sent is removed, as if it were anybody's. */
export function throwingAway(refuge: Refuge, tree: FileTree, at: LocalPath): Refuge {
  return override(refuge, {
    take: async (path) => {
      tree.put(`${at}/${path}`, undefined);
      return { outcome: 'done', stat: undefined };
    },
  });
}

export function keepingIn(refuge: Refuge): Refuge {
  return override(refuge, { take: async () => ({ outcome: 'failed', reason: 'it may not be written', retryable: true }) });
}

export function leavingAll(mounts: Mounts): Mounts {
  return override(mounts, { end: async () => ({ ended: 'kept' }) });
}

export function clearingAll(mounts: Mounts, tree: FileTree): Mounts {
  return override(mounts, {
    end: async (entryId, path, seen) => {
      const folder = tree.at(path);
      for (const name of folder?.children.keys() ?? []) tree.put(`${path}/${name}`, undefined);
      return mounts.end(entryId, path, seen);
    },
  });
}

export function forgettingNothing(mounts: Mounts): Mounts {
  return override(mounts, { forget: async () => {} });
}
