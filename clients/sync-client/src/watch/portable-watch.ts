import { watch } from 'node:fs';
import { ownFolder } from '../disk/traits.ts';
import type { Watch } from './watcher.ts';

/** Watches by what Node itself brings, where the native watcher cannot be loaded or refuses. */
export const portableWatch: Watch = async (folder, listener) => {
  const watcher = watch(folder, { recursive: true, persistent: false, encoding: 'utf8' });
  watcher.on('change', (_kind, name) => {
    if (typeof name !== 'string') return listener.overflowed('the system did not say what changed');
    if (name !== ownFolder && !name.startsWith(`${ownFolder}/`)) listener.changed([name]);
  });
  watcher.on('error', (error) => listener.overflowed(error instanceof Error ? error.message : String(error)));
  return {
    close: async () => watcher.close(),
  };
};
