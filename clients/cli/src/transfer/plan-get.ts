import type { Entry } from '@driftbox/protocol';
import { keyOf } from './local-item.ts';
import type { LeftOut, LocalItem, RelativePath } from './local-item.ts';
import { looksSame } from './plan-put.ts';
import type { FileEntry } from './plan-put.ts';

/** Something on the server, and its path below the root of the transfer, which is the empty one. */
export type RemoteThing = { readonly names: RelativePath; readonly entry: Entry };

/** One file to fetch, and whether a regular file is in its place (which may hold most of its chunks). */
export type GetFileStep = { readonly names: RelativePath; readonly entry: FileEntry; readonly replaces: boolean };
/** One link to make; `replaces` another link in its place. */
export type GetSymlinkStep = { readonly names: RelativePath; readonly target: string; readonly replaces: boolean };

/** What must happen on this machine so that it holds what is on the server. Folders come before what they hold. */
export type GetPlan = {
  readonly folders: readonly RelativePath[];
  readonly symlinks: readonly GetSymlinkStep[];
  readonly files: readonly GetFileStep[];
  readonly unchanged: number;
  readonly leftOut: readonly LeftOut[];
};

/** What is at a path here, without following a link; `undefined` for nothing. */
export type Look = (names: RelativePath) => LocalItem | { readonly kind: 'other' } | undefined;

/**
 * Compares what is on the server with what is here, path by path. Nothing here is deleted, and nothing becomes another kind
 * of thing: in particular a link is never written through, neither as a file's place nor as a folder on the way to one.
 */
export function planGet(remote: Iterable<RemoteThing>, look: Look, rules: { readonly checksum: boolean }): GetPlan {
  const plan = {
    folders: [] as RelativePath[],
    symlinks: [] as GetSymlinkStep[],
    files: [] as GetFileStep[],
    unchanged: 0,
    leftOut: [] as LeftOut[],
  };
  const blocked = new Set<string>();
  const absent = new Set<string>();
  for (const { names, entry } of remote) {
    const parent = names.length === 0 ? undefined : keyOf(names.slice(0, -1));
    const refuse = (why: string, fault: boolean): void => {
      if (entry.kind === 'folder') blocked.add(keyOf(names));
      plan.leftOut.push({ path: keyOf(names), why, fault });
    };
    if (parent !== undefined && blocked.has(parent)) {
      refuse('its folder could not be made', true);
      continue;
    }
    // Below a folder that is not here yet there is nothing to look at.
    const here = parent !== undefined && absent.has(parent) ? undefined : look(names);
    const expected = entry.kind === 'mount' ? 'folder' : entry.kind;
    if (entry.kind === 'mount') refuse('is another drive, which is not fetched with this one', false);
    else if (here !== undefined && here.kind !== expected)
      refuse(`is a ${entry.kind} on the server and a ${here.kind === 'other' ? 'special file' : here.kind} here`, true);
    else if (entry.kind === 'folder') {
      if (here === undefined) {
        plan.folders.push(names);
        absent.add(keyOf(names));
      }
    } else if (entry.kind === 'symlink') {
      if (here?.kind === 'symlink' && here.target === entry.target) plan.unchanged += 1;
      else plan.symlinks.push({ names, target: entry.target, replaces: here !== undefined });
    } else {
      const file = here?.kind === 'file' ? here : undefined;
      if (file !== undefined && !rules.checksum && looksSame(file, entry)) plan.unchanged += 1;
      else plan.files.push({ names, entry, replaces: file !== undefined });
    }
  }
  return plan;
}
