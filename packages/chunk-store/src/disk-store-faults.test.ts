import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultyIo, fileSystemIo, mirror, openDiskStore, retry, verify } from './index.ts';
import type { DiskIo, Leftovers, PackId, PackStore } from './index.ts';
import { MemoryIo } from './testing/memory-io.ts';

type DiskStore = PackStore & Leftovers;
const idOf = (start: string): PackId => start.padEnd(32, '0') as PackId;
const ids = ['00a', '00b', '0f0', 'ff1'].map(idOf);
const [first, second, third, absent] = ids as [PackId, PackId, PackId, PackId];
const bytes = [randomBytes(50), randomBytes(7)];
const whole = Buffer.concat(bytes);

/** A store with two packs and an old unfinished write, on a disk whose n-th call from now on, or all from there, can be made to fail. */
async function harness(code: string) {
  const disk = new MemoryIo();
  const counting = { calls: 0 };
  let failing: { readonly n: number; readonly when: 'before' | 'after' | 'ever' } | undefined;
  const io = faultyIo(
    disk.io,
    () => {
      counting.calls += 1;
      if (failing === undefined) return undefined;
      if (failing.when === 'ever') return counting.calls >= failing.n ? 'before' : undefined;
      return counting.calls === failing.n ? failing.when : undefined;
    },
    code,
  );
  const store = await openDiskStore('/pool', io);
  for (const id of [first, third]) await store.write(id, bytes);
  await disk.io.create('/pool/tmp/left');
  await disk.io.create('/pool/README');
  return {
    disk,
    store,
    counting,
    fail: (n: number | undefined, when: 'before' | 'after' | 'ever' = 'before') => {
      counting.calls = 0;
      failing = n === undefined ? undefined : { n, when };
    },
  };
}

/** The calls to fail: the first of them all, and of the hundreds that a listing makes some. */
const next = (n: number): number => (n < 12 ? n + 1 : n + 97);

/** What a store can be asked for, and what it answers the store of `harness`. */
const operations: Readonly<Record<string, { readonly act: (store: DiskStore) => Promise<unknown>; readonly answer: unknown }>> = {
  'the read of a pack': { act: async (store) => whole.equals(await store.read(first)), answer: true },
  'the read of a range': {
    act: async (store) => Buffer.from(await store.read(first, { offset: 50, length: 9 })),
    answer: Buffer.from(bytes[1] ?? []),
  },
  'a stat': { act: (store) => store.stat(first), answer: { id: first, sizeBytes: 57 } },
  'a listing': {
    act: (store) => store.list({ limit: 5 }),
    answer: { packs: [first, third].map((id) => ({ id, sizeBytes: 57 })) },
  },
  'a page of a listing': { act: (store) => store.list({ limit: 1 }), answer: { packs: [{ id: first, sizeBytes: 57 }], next: first } },
  'a write': { act: (store) => store.write(second, bytes), answer: undefined },
  'a write that was made before': { act: (store) => store.write(first, [whole]), answer: undefined },
  'a delete': { act: (store) => store.delete(first), answer: undefined },
  'a delete of what is not there': { act: (store) => store.delete(absent), answer: undefined },
  'a look for foreign names': { act: (store) => store.listForeign(9), answer: ['README'] },
  'the end of unfinished writes': { act: (store) => store.endUnfinished(-1), answer: { ended: 1, left: 0 } },
};

const broken = [
  ['EIO', 'unavailable', true],
  ['EMFILE', 'unavailable', true],
  ['EROFS', 'unavailable', false],
  ['ENOSPC', 'full', false],
] as const;

describe.each(broken)('a disk that says %s', (code, kind, transient) => {
  test.each(Object.keys(operations))('at any call of %s is told as it is, and the next try succeeds', async (name) => {
    const operation = operations[name];
    if (operation === undefined) throw new Error(name);
    const { act, answer } = operation;
    for (let n = 1; ; n = next(n)) {
      const { store, counting, fail } = await harness(code);
      fail(n, code === 'EIO' && name.startsWith('the read') ? 'ever' : 'before');
      const outcome = await act(store).catch((error: unknown) => error);
      if (counting.calls < n) {
        // It makes no n-th call: nothing failed.
        expect(outcome).toEqual(answer);
        expect(n).toBeGreaterThan(1);
        break;
      }
      expect(outcome).toMatchObject({ name: 'StoreError', kind, transient, message: expect.stringContaining(code) });
      fail(undefined);
      expect(await act(store)).toEqual(answer);
    }
  });

  test('while a write is under way leaves no pack that differs, and nothing beside it', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let n = 1; ; n += 1) {
        const { disk, store, counting, fail } = await harness(code);
        fail(n, when);
        const failed = await store.write(second, bytes).catch((error: unknown) => error);
        const { calls } = counting;
        fail(undefined);
        expect(await disk.io.names('/pool/tmp')).toEqual(['left']);
        const read = await store.read(second).catch(() => undefined);
        if (read !== undefined) expect(whole.equals(read)).toBe(true);
        if (calls < n) {
          expect(failed).toBeUndefined();
          break;
        }
      }
    }
  });
});

describe.each(['EIO', 'ENODATA'])('a pack of which the disk says %s', (code) => {
  const failure = Object.assign(new Error('injected'), { code });

  /** A disk with places that it cannot read, as long as the same file is there. */
  async function disk() {
    const memory = new MemoryIo();
    const bad = new Set<string>();
    const io: DiskIo = {
      ...memory.io,
      read: async (path, range) => (bad.has(path) ? Promise.reject(failure) : memory.io.read(path, range)),
      remove: async (path) => (bad.delete(path), memory.io.remove(path)),
    };
    const spoil = (id: PackId): unknown => bad.add(join('/pool', id.slice(0, 1), id.slice(1, 2), id));
    return { memory, io, spoil, store: verify(await openDiskStore('/pool', io)) };
  }

  test('again, while it takes other bytes, is damaged, and no other is; nothing is left of asking', async () => {
    const { memory, spoil, store } = await disk();
    for (const id of [first, third]) await store.write(id, bytes);
    spoil(first);
    for (const range of [undefined, { offset: 3, length: 4 }])
      await expect(store.read(first, range)).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining(code) });
    expect(whole.equals(await store.read(third))).toBe(true);
    expect(await memory.io.names('/pool/tmp')).toEqual([]);
  });

  test('once is read at the second look', async () => {
    const { store, fail } = await harness(code);
    fail(1);
    expect(whole.equals(await store.read(first))).toBe(true);
  });

  test.each(['EIO', 'EROFS', 'ENOSPC'])('is out of reach with its disk where that takes nothing (%s)', async (refusal) => {
    const { io, spoil } = await disk();
    const sync = () => Promise.reject(Object.assign(new Error('injected'), { code: refusal }));
    await (await openDiskStore('/pool', io)).write(first, bytes);
    spoil(first);
    const store = await openDiskStore('/pool', { ...io, sync });
    await expect(store.read(first)).rejects.toMatchObject({ kind: 'unavailable', transient: true });
  });

  test('is read from the second store of a mirror meanwhile, and made good from there', async () => {
    const [bad, good] = [await disk(), await disk()];
    const both = mirror(bad.store, good.store);
    await both.write(first, bytes);
    bad.spoil(first);
    expect(whole.equals(await both.read(first))).toBe(true);
    // The store was not left alone for it.
    expect(await both.compare(first)).toBe(true);
    expect(whole.equals(await bad.store.read(first))).toBe(true);
  });
});

describe('what somebody else removes while it is looked for', () => {
  test.each(['a listing', 'a look for foreign names', 'the end of unfinished writes', 'a delete'])('is no fault of %s', async (name) => {
    const act = operations[name]?.act ?? (() => Promise.reject(new Error(name)));
    for (let n = 1; ; n = next(n)) {
      const { store, counting, fail } = await harness('ENOENT');
      fail(n);
      await act(store);
      if (counting.calls < n) break;
    }
  });

  test('is not_found to who reads it, and unavailable to who writes', async () => {
    const { store, fail } = await harness('ENOENT');
    for (const name of ['the read of a pack', 'the read of a range', 'a stat']) {
      fail(1);
      await expect(operations[name]?.act(store)).rejects.toMatchObject({ kind: 'not_found', transient: false });
    }
    fail(2);
    await expect(store.write(second, bytes)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('may be the folder of a pack: the next write makes it again', async () => {
    const root = join(await mkdtemp(join(tmpdir(), 'disk-store-')), 'pool');
    const store = await openDiskStore(root);
    await store.write(first, bytes);
    await rm(join(root, '0'), { recursive: true });
    await expect(store.write(second, bytes)).rejects.toMatchObject({ kind: 'unavailable', transient: true });
    await store.write(second, bytes);
    expect(await store.list({ limit: 5 })).toEqual({ packs: [{ id: second, sizeBytes: 57 }] });
    await rm(root, { recursive: true });
  });
});

describe('a delete that failed', () => {
  test.each(['before', 'after'] as const)('%s any of its calls, and was made again, outlives a loss of power', async (when) => {
    for (let n = 1; ; n += 1) {
      const { disk, store, counting, fail } = await harness('EIO');
      fail(n, when);
      await retry(store, { sleep: async () => {} }).delete(first);
      const { calls } = counting;
      disk.losePower('names');
      const after = await openDiskStore('/pool', disk.io);
      expect((await after.list({ limit: 5 })).packs.map(({ id }) => id)).toEqual([third]);
      if (calls < n) break;
    }
  });
});

describe('listing a disk', () => {
  const id = fc
    .tuple(fc.constantFrom('0', '1', '9', 'a', 'f'), fc.constantFrom('0', '7', 'f'), fc.constantFrom('0', 'b', 'f'))
    .map((digits) => idOf(digits.join('')));

  test('gives what comes after any id, page by page, as sorting all names does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(id, { maxLength: 12 }), id, fc.integer({ min: 1, max: 5 }), async (there, from, limit) => {
        const store = await openDiskStore('/pool', new MemoryIo().io);
        for (const one of there) await store.write(one, [Buffer.from(one.slice(0, 3))]);
        const seen: PackId[] = [];
        for (let page = await store.list({ after: from, limit }); ; page = await store.list({ after: page.next, limit })) {
          expect(page.packs.length).toBeLessThanOrEqual(limit);
          seen.push(...page.packs.map((pack) => pack.id));
          if (page.next === undefined) break;
          expect(page.packs).toHaveLength(limit);
        }
        expect(seen).toEqual(there.filter((one) => one > from).sort());
      }),
      { numRuns: 60 },
    );
  });

  test('asks for no folder that only earlier ids can be in', async () => {
    const disk = new MemoryIo();
    const asked: string[] = [];
    const io: DiskIo = { ...disk.io, names: (path) => (asked.push(path), disk.io.names(path)) };
    const store = await openDiskStore('/pool', io);
    await store.list({ after: idOf('fe'), limit: 1 });
    expect(asked.filter((path) => path !== '/pool/tmp')).toEqual(['/pool/f/e', '/pool/f/f']);
  });
});

test('a store whose unfinished writes cannot be removed is not opened', async () => {
  const root = await mkdtemp(join(tmpdir(), 'disk-store-'));
  await mkdir(join(root, 'tmp'));
  await writeFile(join(root, 'tmp', 'left'), 'half');
  let calls = 0;
  for (let n = 1; ; n += 1) {
    calls = 0;
    const io = faultyIo(fileSystemIo, () => ((calls += 1) === n ? 'before' : undefined), 'EACCES');
    const outcome = await openDiskStore(root, io).catch((error: unknown) => error);
    if (calls < n) break;
    expect(outcome).toMatchObject({ name: 'StoreError', kind: 'unavailable', transient: false, message: `open ${root}: EACCES` });
  }
  expect(calls).toBeGreaterThanOrEqual(4);
  await rm(root, { recursive: true });
});
