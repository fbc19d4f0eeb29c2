import path from 'node:path';
import { isOwnName } from '../disk/traits.ts';
import { portableWatch } from './portable-watch.ts';
import type { Watch, WatchListener, Watcher } from './watcher.ts';

/** A watcher, or none where nothing can watch: then only time tells. */
export type Watching = { readonly watcher: Watcher | undefined; readonly by: 'system' | 'node' | 'nothing'; readonly reason?: string };

/** Watches a folder by the first way that works. Never throws: without a watcher the folder is looked at from time to time. */
export async function watchFolder(folder: string, told: WatchListener): Promise<Watching> {
  // Drives that show up in the folder have such folders, too.
  const isOwn = (changed: string): boolean => changed.split(path.sep).some(isOwnName);
  const listener: WatchListener = { ...told, changed: (paths) => told.changed(paths.filter((changed) => !isOwn(changed))) };
  let reason = '';
  const attempt = async (load: () => Promise<Watch>): Promise<Watcher | undefined> => {
    try {
      const watch = await load();
      return await watch(folder, listener);
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      return undefined;
    }
  };
  // Loaded here: where its binary does not fit this machine, loading is what fails.
  const native = await attempt(async () => (await import('./native-watch.ts')).nativeWatch);
  if (native !== undefined) return { watcher: native, by: 'system' };
  const portable = await attempt(async () => portableWatch);
  if (portable !== undefined) return { watcher: portable, by: 'node', reason };
  return { watcher: undefined, by: 'nothing', reason };
}
