import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PackIdentity, dieAt, failAt, faultyIo, fileSystemIo, openDiskStore } from './index.ts';
import type { FaultPlan, PackId } from './index.ts';

const bytes = [randomBytes(70_000), randomBytes(3)];
const whole = Buffer.concat(bytes);
const newId = (): PackId => PackIdentity.random().id;

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'disk-store-'));
});
afterEach(() => rm(root, { recursive: true }));

/** Counts the calls that a write in a new store makes, when none fails. */
async function callsOf(act: (plan: FaultPlan) => Promise<unknown>): Promise<number> {
  let calls = 0;
  await act((call) => {
    calls = call;
    return undefined;
  });
  return calls;
}

describe('a disk store whose process dies at I/O call n', () => {
  const promise = 'keeps what it acknowledged, shows nothing half written, and takes the write again';
  test.each(['before', 'after'] as const)(`%s it happens: ${promise}`, async (when) => {
    const inFolder =
      (name: string) =>
      async (plan: FaultPlan): Promise<void> => {
        const store = await openDiskStore(join(root, name), faultyIo(fileSystemIo, plan));
        await store.write('00'.padEnd(32, 'a') as PackId, bytes);
        await store.write('ff'.padEnd(32, 'a') as PackId, bytes);
        acknowledged = true;
        await store.delete('00'.padEnd(32, 'a') as PackId);
      };
    let acknowledged = false;
    const calls = await callsOf(inFolder('counting'));
    expect(calls).toBeGreaterThan(20);
    for (let n = 1; n <= calls; n += 1) {
      acknowledged = false;
      await expect(inFolder(`${n}`)(dieAt(n, when))).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
      const store = await openDiskStore(join(root, `${n}`));
      expect(await readdir(join(root, `${n}`, 'tmp'))).toEqual([]);
      const { packs } = await store.list({ limit: 10 });
      for (const { id } of packs) expect(whole.equals(await store.read(id))).toBe(true);
      if (acknowledged) expect(packs.map(({ id }) => id)).toContain('ff'.padEnd(32, 'a'));
      await store.write('00'.padEnd(32, 'a') as PackId, bytes);
      await store.write('ff'.padEnd(32, 'a') as PackId, bytes);
      expect((await store.list({ limit: 10 })).packs).toHaveLength(2);
    }
  });
});

describe('a disk that is full at I/O call n', () => {
  test('is a full store, leaves nothing behind, and takes the write again once there is room', async () => {
    const id = newId();
    const calls = await callsOf(async (plan) => {
      const store = await openDiskStore(join(root, 'counting'), faultyIo(fileSystemIo, plan));
      await store.write(id, bytes);
    });
    const opening = await callsOf((plan) => openDiskStore(join(root, 'opening'), faultyIo(fileSystemIo, plan)));
    for (let n = opening + 1; n <= calls; n += 1) {
      const folder = join(root, `${n}`);
      const store = await openDiskStore(folder, faultyIo(fileSystemIo, failAt(n), 'ENOSPC'));
      await expect(store.write(id, bytes)).rejects.toMatchObject({ kind: 'full', transient: false });
      expect(await readdir(join(folder, 'tmp'))).toEqual([]);
      await store.write(id, bytes);
      expect(whole.equals(await store.read(id))).toBe(true);
    }
  });
});

describe('a disk store', () => {
  test('removes what a killed write left, and only that', async () => {
    const id = newId();
    const first = await openDiskStore(root);
    await first.write(id, bytes);
    await writeFile(join(root, 'tmp', `${newId()}.00000000`), 'half a pack');
    // Where others use the folder, it may be of one that lives.
    await openDiskStore(root, fileSystemIo, 60_000);
    expect(await readdir(join(root, 'tmp'))).toHaveLength(1);
    const second = await openDiskStore(root);
    expect(await readdir(join(root, 'tmp'))).toEqual([]);
    expect((await second.list({ limit: 10 })).packs).toEqual([{ id, sizeBytes: whole.length }]);
  });

  test('keeps packs for its owner alone, in two levels of folders', async () => {
    const id = newId();
    await (await openDiskStore(root)).write(id, bytes);
    const path = join(root, id.slice(0, 1), id.slice(1, 2), id);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(root, id.slice(0, 1)))).mode & 0o777).toBe(0o700);
  });

  test('ignores files that are no packs', async () => {
    const store = await openDiskStore(root);
    await store.write('0a'.padEnd(32, '0') as PackId, bytes);
    await writeFile(join(root, '0', 'a', 'README'), 'not a pack');
    expect((await store.list({ limit: 10 })).packs).toHaveLength(1);
  });

  test('shares the folder syncs of concurrent writes', async () => {
    let syncs = 0;
    const store = await openDiskStore(root, {
      ...fileSystemIo,
      syncFolder: (path) => {
        syncs += 1;
        return fileSystemIo.syncFolder(path);
      },
    });
    const ids = Array.from({ length: 50 }, (_, i) => `aa${i}`.padEnd(32, 'b') as PackId);
    await store.write('aa'.padEnd(32, 'c') as PackId, bytes);
    syncs = 0;
    await Promise.all(ids.map((id) => store.write(id, bytes)));
    expect(syncs).toBeLessThan(ids.length);
    expect((await store.list({ limit: 100 })).packs).toHaveLength(51);
  });

  test('says unavailable of a broken disk, lasting where trying again cannot help', async () => {
    const id = newId();
    await (await openDiskStore(root)).write(id, bytes);
    for (const [code, transient] of [
      ['EIO', true],
      ['EMFILE', true],
      ['EROFS', false],
      ['EACCES', false],
    ] as const) {
      // Opening takes three calls (folder, sync, names).
      const store = await openDiskStore(root, faultyIo(fileSystemIo, dieAt(4), code));
      await expect(store.read(id)).rejects.toMatchObject({ kind: 'unavailable', transient });
    }
    await expect(openDiskStore('/dev/null/store')).rejects.toMatchObject({ kind: 'unavailable', transient: false });
  });

  test('says unavailable, not not_found, when its folder vanishes under a write', async () => {
    const store = await openDiskStore(join(root, 'gone'));
    await rm(join(root, 'gone'), { recursive: true });
    await expect(store.write(newId(), bytes)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
