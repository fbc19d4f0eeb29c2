import { waitFor } from '@driftbox/testkit';
import type { SyncDevice } from '../src/sync-device.ts';
import { listingDifferences, type TreeListing } from '../src/tree-listing.ts';
import { Watch } from './watch.ts';

/** How long all trees may take to become one. */
const defaultDeadlineMs = 480_000;

/**
 * Equal trees are not enough: something may be on its way still. So every device is asked too, and both must hold over two
 * looks in a row that see the same. Looking costs what the devices need themselves: it begins once all of them say that they
 * are done, and only the second look asks them one by one. Throws, with what they printed, when that takes too long.
 */
export async function untilQuiet(devices: readonly SyncDevice[], deadlineMs = defaultDeadlineMs): Promise<TreeListing> {
  const watch = new Watch(devices);
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
    return await waitFor(look, { deadlineMs, longestPauseMs: 250, what: 'every device in sync' });
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
