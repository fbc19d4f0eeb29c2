import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { describePackStore } from './conformance.ts';
import { MemoryStore, faulty, faultyIo, fileSystemIo, metered, neverFail, openDiskStore, retry, verify } from './index.ts';
import type { DiskIo } from './index.ts';

const onDisk = async (io?: DiskIo) => {
  const folder = await mkdtemp(join(tmpdir(), 'pack-store-'));
  return { store: await openDiskStore(folder, io), dispose: () => rm(folder, { recursive: true }) };
};

describePackStore('memory', async () => ({ store: new MemoryStore() }));
describePackStore('disk', () => onDisk());
describePackStore('disk over faultless faulty calls', () => onDisk(faultyIo(fileSystemIo, neverFail)));
describePackStore('verify', async () => ({ store: verify(new MemoryStore()) }));
describePackStore('retry', async () => ({ store: retry(new MemoryStore()) }));
describePackStore('metered', async () => ({ store: metered(new MemoryStore(), { registry: new Registry(), pool: 'test' }) }));
describePackStore('faulty without faults', async () => ({ store: faulty(new MemoryStore(), neverFail) }));
describePackStore('all of them together', async () => {
  const { store, dispose } = await onDisk();
  return { store: retry(metered(verify(faulty(store, neverFail)), { registry: new Registry(), pool: 'test' })), dispose };
});
