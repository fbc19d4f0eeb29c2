import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { processTree } from '@driftbox/processes';
import { seededRandom } from '@driftbox/testkit';
import { addSyncDevice, type SyncDevice } from '../src/sync-device.ts';
import { worldPassword } from '../src/world.ts';
import { startHand, type Hand } from './hands.ts';
import type { Notes } from './notes.ts';
import { addPerson, type Person } from './people.ts';
import type { ChaosPart, ChaosTarget } from './target.ts';

/** Somebody with devices that sync a folder each, and a hand at work in every folder. */
export type SyncPair = {
  readonly owner: Person;
  readonly devices: readonly SyncDevice[];
  readonly hands: readonly Hand[];
  /** The devices' processes. */
  readonly parts: readonly ChaosPart[];
};

const deviceCount = 2;

/** Signs the devices in and starts everything. */
export async function startSyncPair(target: ChaosTarget, seed: number, wrong: Notes, stopping: AbortSignal): Promise<SyncPair> {
  const owner = await addPerson('syncer', { direct: target.directAddress, address: target.address }, 0);
  const passwordFile = path.join(target.folder, 'password');
  await writeFile(passwordFile, `${worldPassword}\n`, { mode: 0o600 });
  const { folder, deviceAddress: address, clientEnvironment: environment } = target;
  const devices: SyncDevice[] = [];
  for (let index = 0; index < deviceCount; index += 1) {
    const device = await addSyncDevice({ folder, address, environment, email: owner.user.email, passwordFile }, `device-${index + 1}`);
    // A folder's first sync needs a server; any later one waits for it.
    await device.syncOnce();
    device.start();
    devices.push(device);
  }
  return {
    owner,
    devices,
    hands: devices.map((device, index) => startHand(device, seededRandom(seed * deviceCount + index), wrong, stopping)),
    parts: devices.map((device) => ({
      name: device.name,
      kill: () => device.kill(),
      start: async () => device.start(),
      pids: async () => processTree(device.pid() ?? 0),
    })),
  };
}
