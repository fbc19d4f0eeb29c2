import { addSyncDevice, type SyncDevice } from '../src/sync-device.ts';
import { startWireMeter, type WireMeter } from '../src/wire-meter.ts';
import type { World } from '../src/world.ts';

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
export async function withSyncPair<T>(world: World, work: (pair: SyncPair) => Promise<T>): Promise<T> {
  const { address } = world.server();
  return withDevices(world, [address, address], work);
}

/** Runs `work` with a pair of devices whose traffic is counted. */
export async function withMeteredPair<T>(world: World, work: (pair: MeteredPair) => Promise<T>): Promise<T> {
  const { address } = world.server();
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

async function withDevices<T>(world: World, servers: readonly [string, string], work: (pair: SyncPair) => Promise<T>): Promise<T> {
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
