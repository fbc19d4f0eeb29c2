import { lstatSync, readlinkSync } from 'node:fs';
import { fileFacts, mtimeMsOf } from '@driftbox/transfer';
import { keyOf } from './local-item.ts';
import type { Look } from './plan-get.ts';

/** Looks at paths below `root` on this machine, never following a link at their end. */
export function lookHere(root: string): Look {
  return (names) => {
    const path = names.length === 0 ? root : `${root}/${keyOf(names)}`;
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (stats.isDirectory()) return { kind: 'folder', names, path };
    if (stats.isFile()) return { kind: 'file', ...fileFacts(stats), names, path };
    if (stats.isSymbolicLink()) return { kind: 'symlink', names, path, target: readlinkSync(path), mtimeMs: mtimeMsOf(stats) };
    return { kind: 'other' };
  };
}
