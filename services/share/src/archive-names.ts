import type { EntryId } from '@driftbox/domain';

/** An entry as an archive takes it, parents before their children. */
export type Listed = { readonly entryId: EntryId; readonly parentId: EntryId; readonly kind: 'file' | 'folder'; readonly name: string };

/** A name that unpacks on every system as what it is called: a backslash would be a folder there, a colon a drive. */
function safe(name: string): string {
  return name.replaceAll(/[\\:]/g, '_');
}

/**
 * Where each entry lies in an archive of `root`: paths with slashes, beginning with the root's name, each one once even where
 * names differ only by what `safe` replaced. Entries whose parent is not among them are left out.
 */
export function archiveNames<E extends Listed>(
  root: { readonly entryId: EntryId; readonly name: string },
  entries: readonly E[],
): Map<E, string> {
  const folders = new Map<EntryId, string>([[root.entryId, safe(root.name)]]);
  const taken = new Set<string>();
  const named = new Map<E, string>();
  for (const entry of entries) {
    const parent = folders.get(entry.parentId);
    if (parent === undefined) continue;
    let path = `${parent}/${safe(entry.name)}`;
    for (let number = 2; taken.has(path); number += 1) path = `${parent}/${safe(entry.name)} (${number})`;
    taken.add(path);
    named.set(entry, path);
    if (entry.kind === 'folder') folders.set(entry.entryId, path);
  }
  return named;
}
