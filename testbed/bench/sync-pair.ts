import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from '@driftbox/testkit';
import { emailOf } from '../src/email-of.ts';
import { createCli } from '../src/run-cli.ts';
import { addSyncDevice, type SyncDevice } from '../src/sync-device.ts';
import { startWireMeter, type WireMeter } from '../src/wire-meter.ts';
import { awaitPath } from './await-copy.ts';
import type { BenchWorld } from './bench-world.ts';

/** Two devices of one person that sync with the world's server. Both run. */
export type SyncPair = { readonly a: SyncDevice; readonly b: SyncDevice };

/** The same, each device through a meter of its own, which costs time: for rows that count. */
export type MeteredPair = SyncPair & {
  readonly meterA: WireMeter;
  readonly meterB: WireMeter;
  resetMeters(): void;
  /** Bytes of both devices in both directions. */
  totalBytes(): number;
};

/** Runs `work` with a pair of devices, and ends them afterwards. */
export async function withSyncPair<T>(world: BenchWorld, work: (pair: SyncPair) => Promise<T>): Promise<T> {
  const { address } = world;
  return withDevices(world, [address, address], work);
}

/** Runs `work` with a pair of devices whose traffic is counted. */
export async function withMeteredPair<T>(world: BenchWorld, work: (pair: MeteredPair) => Promise<T>): Promise<T> {
  const { address } = world;
  const meters = [await startWireMeter(address), await startWireMeter(address)] as const;
  const [meterA, meterB] = meters;
  try {
    return await withDevices(world, [meterA.address, meterB.address], (pair) =>
      work({
        ...pair,
        meterA,
        meterB,
        resetMeters: () => meters.forEach((meter) => meter.reset()),
        totalBytes: () => meters.reduce((sum, meter) => sum + meter.count().upBytes + meter.count().downBytes, 0),
      }),
    );
  } finally {
    for (const meter of meters) await meter.close();
  }
}

/** Runs `work` with a drive of the world's user that another person may edit, and one device of each; it is told where each has it. */
export async function withSharedDrive<T>(
  world: BenchWorld,
  name: string,
  work: (both: { readonly here: string; readonly there: string }) => Promise<T>,
): Promise<T> {
  const other = { ...world, folder: path.join(world.folder, 'other'), email: emailOf('bob') };
  await mkdir(other.folder);
  const cli = createCli(path.join(other.folder, 'config'));
  await cli.must('signup', '--server', world.address, '--email', other.email, '--name', 'Bob', '--password-file', world.passwordFile);
  await world.cli.must('mkdir', `/${name}`);
  const drive = (await world.cli.must('share', `/${name}`)).trim();
  // Metadata hears of new people a moment after they came.
  await waitFor(async () => (await world.cli.run('members', 'add', drive, other.email)).code === 0, {
    deadlineMs: 30_000,
    what: 'Bob as a member',
  });
  await cli.must('mount', drive, `/${name}`);
  const devices = [await addSyncDevice(world, 'a'), await addSyncDevice(other, 'b')] as const;
  try {
    for (const device of devices) device.start();
    const [here, there] = devices.map(({ folder }) => path.join(folder, name)) as [string, string];
    for (const folder of [here, there]) await awaitPath(folder);
    return await work({ here, there });
  } finally {
    for (const device of devices) await device.stop();
  }
}

async function withDevices<T>(world: BenchWorld, servers: readonly [string, string], work: (pair: SyncPair) => Promise<T>): Promise<T> {
  const a = await addSyncDevice(world, 'a', servers[0]);
  const b = await addSyncDevice(world, 'b', servers[1]);
  try {
    a.start();
    b.start();
    return await work({ a, b });
  } finally {
    await a.stop();
    await b.stop();
  }
}
