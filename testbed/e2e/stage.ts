import { seededRandom, type SeededRandom } from '@driftbox/testkit';
import { element } from '@driftbox/transfer';
import { addSyncDevice, type SyncDevice } from '../src/sync-device.ts';
import type { TreeListing } from '../src/tree-listing.ts';
import { openWorld, type OpenWorld } from '../src/target/open-world.ts';
import type { World } from '../src/world.ts';
import { compareFolders } from './compare-folders.ts';
import { untilQuiet } from './until-quiet.ts';

/** A server and several devices of one person, each syncing a folder of its own in a process of its own. */
export type Stage = {
  readonly world: OpenWorld;
  readonly devices: readonly SyncDevice[];
  readonly random: SeededRandom;
  /** Runs `work` while no device syncs; each of them starts again afterwards. */
  offline(work: () => Promise<void>): Promise<void>;
  /**
   * `kill -9` of the server (-1), where it is the stage's own, or of a device, and its start again. Answers whether it was
   * done: not while the devices are offline.
   */
  strike(victim: number): Promise<boolean>;
  /** Waits until all folders hold the same and no device has anything left to do. Answers what they hold. */
  quiet(): Promise<TreeListing>;
  /** Where the folders differ, by `diff -r` and by a checksum of every byte; nothing when they are equal. */
  compare(): Promise<string[]>;
  close(): Promise<void>;
};

/** Starts a stage; every device runs. */
export async function openStage(deviceCount: number, seed: number): Promise<Stage> {
  const world = await openWorld();
  try {
    const devices: SyncDevice[] = [];
    for (let index = 0; index < deviceCount; index += 1) devices.push(await addSyncDevice(world, `d${index}`));
    for (const device of devices) device.start();
    const stopAll = async () => void (await Promise.all(devices.map((device) => device.stop())));
    let online = true;
    let striking: Promise<unknown> = Promise.resolve();
    return {
      world,
      devices,
      random: seededRandom(seed),
      offline: async (work) => {
        online = false;
        await striking;
        await stopAll();
        await work();
        for (const device of devices) device.start();
        online = true;
      },
      strike: (victim) => {
        const struck = striking.then(async () => {
          if (!online) return false;
          await (victim < 0 ? killServer(world.own()) : killDevice(element(devices, victim)));
          return true;
        });
        striking = struck;
        return struck;
      },
      quiet: () => untilQuiet(devices),
      compare: () => compareFolders(devices.map(({ folder }) => folder)),
      close: async () => {
        await striking;
        await stopAll();
        await world.close();
      },
    };
  } catch (error) {
    await world.close();
    throw error;
  }
}

async function killServer(world: World): Promise<void> {
  await world.server().kill();
  await world.restart();
}

async function killDevice(device: SyncDevice): Promise<void> {
  await device.kill();
  device.start();
}
