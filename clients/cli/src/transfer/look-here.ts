import { lstatSync, readlinkSync } from 'node:fs';
import { keyOf } from './local-item.ts';
import type { Look } from './plan-get.ts';
import { fileFacts } from './walk-tree.ts';

/** Looks at paths below `root` on this machine, never following a link at their end. */
export function lookHere(root: string): Look {
  return (names) => {
    const path = names.length === 0 ? root : `${root}/${keyOf(names)}`;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (stats.isDirectory()) return { kind: 'folder', names, path };
    if (stats.isFile()) return { ...fileFacts(stats), names, path };
    if (stats.isSymbolicLink()) return { kind: 'symlink', names, path, target: readlinkSync(path), mtimeMs: Math.floor(stats.mtimeMs) };
    return { kind: 'other' };
  };
}
