import { seededRandom, waitFor, type SeededRandom } from '@driftbox/testkit';
import { element } from '@driftbox/transfer';
import { addSyncDevice, type SyncDevice } from '../src/sync-device.ts';
import { listingDifferences, type TreeListing } from '../src/tree-listing.ts';
import { openWorld, type OpenWorld } from '../src/target/open-world.ts';
import type { World } from '../src/world.ts';
import { compareFolders } from './compare-folders.ts';
import { Watch } from './watch.ts';

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

/** How long all trees may take to become one. */
const quietDeadlineMs = 480_000;

/** Starts a stage; every device runs. */
export async function openStage(deviceCount: number, seed: number): Promise<Stage> {
  const world = await openWorld();
  try {
    const devices: SyncDevice[] = [];
    for (let index = 0; index < deviceCount; index += 1) devices.push(await addSyncDevice(world, `d${index}`));
    for (const device of devices) device.start();
    const stopAll = async () => void (await Promise.all(devices.map((device) => device.stop())));
    const watch = new Watch(devices);
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
      quiet: () => untilQuiet(watch, devices),
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

/**
 * Equal trees are not enough: something may be on its way still. So every device is asked too, and both must hold over two
 * looks in a row that see the same. Looking costs what the devices need themselves: it begins once all of them say that they
 * are done, and only the second look asks them one by one.
 */
async function untilQuiet(watch: Watch, devices: readonly SyncDevice[]): Promise<TreeListing> {
  let before: TreeListing | undefined;
  let last = 'nothing was looked at';
  const look = async (): Promise<TreeListing | undefined> => {
    const earlier = before;
    before = undefined;
    const working = devices.filter((device) => device.saidState() !== 'in_sync');
    last = working.map((device) => `${device.name} says ${device.saidState() ?? 'nothing'}`).join('\n');
    if (working.length > 0) return undefined;
    const { tree, unlike } = await watch.look();
    last = unlike.join('\n');
    if (unlike.length > 0) return undefined;
    before = tree;
    if (earlier === undefined || listingDifferences(earlier, tree).length > 0) return undefined;
    last = (await Promise.all(devices.map(unsettled))).flat().slice(0, 5).join('\n');
    return last === '' ? tree : undefined;
  };
  try {
    return await waitFor(look, { deadlineMs: quietDeadlineMs, longestPauseMs: 250, what: 'every device in sync' });
  } catch (error) {
    const said = devices.map((device) => `${device.name}: ${device.complaints().slice(-1500)}`).join('\n');
    throw new Error(`the devices did not become equal:\n${last}\n${said}`, { cause: error });
  }
}

type Status = { readonly state: string; readonly waiting: readonly { readonly path: string; readonly reason: string }[] };

/** Why a device is not done; nothing when it is. */
async function unsettled(device: SyncDevice): Promise<string[]> {
  const { stdout, stderr } = await device.cli.run('status', device.folder, '--json');
  if (stdout === '') return [`${device.name}: no status: ${stderr.slice(-300)}`];
  const status = JSON.parse(stdout) as Status;
  const waiting = status.waiting.map(({ path, reason }) => `${device.name}: ${path} waits: ${reason}`);
  return status.state === 'in_sync' ? waiting : [`${device.name} is ${status.state}`, ...waiting];
}
