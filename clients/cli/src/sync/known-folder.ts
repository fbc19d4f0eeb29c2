import { realpathSync } from 'node:fs';
import path from 'node:path';
import { StateFolder } from '@driftbox/sync-client';
import type { FolderSettings } from '@driftbox/sync-client';
import { LocalError } from '@driftbox/transfer';

/** The absolute path of a folder, with all links on the way resolved as far as it exists. */
export function resolveFolder(folder: string): string {
  const absolute = path.resolve(folder);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = path.dirname(absolute);
    return parent === absolute ? absolute : path.join(resolveFolder(parent), path.basename(absolute));
  }
}

/** A folder that was synced before, which the given path names or lies in. Throws `LocalError` when there is none. */
export function knownFolder(configFolder: string, given: string): { readonly state: StateFolder; readonly settings: FolderSettings } {
  const start = resolveFolder(given);
  for (let folder = start; ; folder = path.dirname(folder)) {
    const state = StateFolder.of(configFolder, folder);
    const settings = state.settings();
    if (settings !== undefined) return { state, settings };
    if (folder === path.dirname(folder)) throw new LocalError(`${start} is not synced: driftbox sync ${given}`);
  }
}
