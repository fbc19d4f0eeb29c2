import type { Files, FileTree } from './file-tree.ts';

/** A folder of a file system, as if it were all there is. */
export function filesIn(tree: FileTree, folder: string): Files {
  const within = (path: string): string => (path === '' ? folder : `${folder}/${path}`);
  return {
    tellsCases: tree.tellsCases,
    at: (path) => tree.at(within(path)),
    put: (path, inode) => tree.put(within(path), inode),
    move: (from, to) => tree.move(within(from), within(to)),
    make: (kind, over) => tree.make(kind, over),
    name: (names, name, inode) => tree.name(names, name, inode),
    alter: (inode, over) => tree.alter(inode, over),
    asOne: (work) => tree.asOne(work),
    now: () => tree.now(),
    round: (ms) => tree.round(ms),
    flush: () => tree.flush(),
  };
}
