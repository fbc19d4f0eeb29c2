import type { SyncDevice } from '../src/sync-device.ts';
import { listTree, listingDifferences, type KnownDigests, type TreeListing } from '../src/tree-listing.ts';

/** Looks at the folders of several devices again and again, and reads again only what looks changed. */
export class Watch {
  readonly #devices: readonly SyncDevice[];
  readonly #known: readonly KnownDigests[];

  constructor(devices: readonly SyncDevice[]) {
    this.#devices = devices;
    this.#known = devices.map(() => new Map());
  }

  /** What the first device's folder holds, and where those of the others differ from it. */
  async look(): Promise<{ readonly tree: TreeListing; readonly unlike: readonly string[] }> {
    const trees = await Promise.all(this.#devices.map((device, index) => listTree(device.folder, this.#known[index])));
    const [tree = new Map<string, string>(), ...others] = trees;
    return { tree, unlike: others.flatMap((other) => listingDifferences(tree, other)).slice(0, 5) };
  }
}
