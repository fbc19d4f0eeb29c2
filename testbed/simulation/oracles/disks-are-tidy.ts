import type { World } from '../world.ts';
import { must } from './must.ts';

/** Nothing that sync put somewhere for a while is left there. */
export function disksAreTidy({ clients }: World): void {
  for (const client of clients) {
    const { index, disk, ownFolders } = client;
    must(disk.stash.size === 0, () => `client ${index} left something in its stash`);
    must(disk.arrived.size === 0, () => `client ${index} left content that had arrived`);
    const mounted = client.mounted().map(({ path }) => path);
    for (const { path, inode } of disk.tree.walk()) {
      // A folder that somebody moved into another drive while it was synced is the drive's, and what arrived in it is ignored there.
      if (mounted.some((around) => path.startsWith(`${around}/`))) continue;
      const own = ownFolders.find(inode);
      // So it is where that drive has become a folder since: nothing is known any longer of the mount that it was.
      if (own !== undefined && own.markers.size > 0 && [...own.markers].every((entryId) => !client.mountStates.has(entryId))) continue;
      must((own?.stash.size ?? 0) === 0, () => `client ${index} left something in the stash of ${path}`);
      const isLeft = mounted.includes(path) && (own?.arrived.size ?? 0) > 0;
      must(!isLeft, () => `client ${index} left content that had arrived in ${path}`);
    }
    const odd = disk.tree.walk().find(({ path }) => path.includes('.driftbox-'));
    must(odd === undefined, () => `client ${index} left ${odd?.path} in the tree`);
  }
}
