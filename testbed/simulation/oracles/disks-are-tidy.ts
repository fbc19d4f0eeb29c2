import type { World } from '../world.ts';
import { must } from './must.ts';

/** Nothing that sync put somewhere for a while is left there. */
export function disksAreTidy({ clients }: World): void {
  for (const client of clients) {
    const { index, disk, ownFolders } = client;
    must(disk.stash.size === 0, () => `client ${index} left something in its stash`);
    must(disk.arrived.size === 0, () => `client ${index} left content that had arrived`);
    for (const { path, inode } of disk.tree.walk()) {
      // What is in the midst of a transfer when its folder is moved into another drive goes there with it, and is ignored there.
      if (client.mounted().some((mounted) => path.startsWith(`${mounted.path}/`))) continue;
      const own = ownFolders.find(inode);
      must((own?.stash.size ?? 0) === 0, () => `client ${index} left something in the stash of ${path}`);
      must((own?.arrived.size ?? 0) === 0, () => `client ${index} left content that had arrived in ${path}`);
    }
    const odd = disk.tree.walk().find(({ path }) => path.includes('.driftbox-'));
    must(odd === undefined, () => `client ${index} left ${odd?.path} in the tree`);
  }
}
