import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  MemoryStore,
  PackBatcher,
  StoreError,
  dieAt,
  failAt,
  faulty,
  faultyIo,
  fileSystemIo,
  openDiskStore,
  readFrame,
  readFrames,
  retry,
  verify,
} from './index.ts';
import type { DataKey, FaultPlan, FrameLocation, PackStore } from './index.ts';
import { chunkOf, defined, gather, newKey } from './testing/pack-fixture.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pack-chain-'));
});
afterEach(() => rm(root, { recursive: true }));

const contents = [randomBytes(40), randomBytes(9000), Buffer.alloc(5000, 'compressible '), randomBytes(300)];
const chunks = contents.map((plain) => chunkOf(plain, true));

async function expectReadable(store: PackStore, key: DataKey, locations: readonly FrameLocation[]): Promise<void> {
  const plains = await gather(readFrames(store, key, locations));
  expect(plains.map((plain) => Buffer.from(plain))).toEqual(contents);
}

describe('a request whose disk dies at I/O call n', () => {
  const promise = 'is answered only if its chunks survive, and succeeds when made again';
  test.each(['before', 'after'] as const)(`%s it happens: ${promise}`, async (when) => {
    const key = newKey();
    const attempt = async (folder: string, plan: FaultPlan): Promise<FrameLocation[] | StoreError> => {
      try {
        const store = verify(await openDiskStore(folder, faultyIo(fileSystemIo, plan)));
        return await new PackBatcher(store, { aloneBytes: 8000 }).add(key, chunks);
      } catch (error) {
        if (error instanceof StoreError) return error;
        throw error;
      }
    };
    let failed = 0;
    for (let n = 1; ; n += 1) {
      const folder = join(root, `${n}`);
      const outcome = await attempt(folder, dieAt(n, when));
      const store = verify(await openDiskStore(folder));
      if (!(outcome instanceof StoreError)) {
        await expectReadable(store, key, outcome);
        break;
      }
      expect(outcome.kind).toBe('unavailable');
      failed += 1;
      await expectReadable(store, key, await new PackBatcher(store).add(key, chunks));
    }
    expect(failed).toBeGreaterThan(10);
  });
});

describe('a request over a store that fails now and then', () => {
  test.each(['before', 'after'] as const)('succeeds by retrying identical ciphertext, failing %s taking effect', async (when) => {
    for (let n = 1; n <= 3; n += 1) {
      const key = newKey();
      const inner = new MemoryStore();
      const store = retry(verify(faulty(inner, failAt(n, when))), { firstDelayMs: 0 });
      await expectReadable(store, key, await new PackBatcher(store, { aloneBytes: 8000 }).add(key, chunks));
      // A pack that took a new id on its retry would be here twice.
      expect((await inner.list({ limit: 10 })).packs).toHaveLength(2);
    }
  });
});

describe('many requests of several tenants at once, over a store that fails at random', () => {
  test('each is answered with readable chunks of its own, or refused; no memory is lost', async () => {
    const request = fc.record({
      tenant: fc.nat(2),
      sizes: fc.array(fc.integer({ min: 1, max: 4000 }), { maxLength: 8 }),
      abandons: fc.boolean(),
    });
    const scene = fc.tuple(fc.array(request, { minLength: 1, maxLength: 20 }), fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(scene, async ([requests, faults]) => {
        const inner = new MemoryStore();
        const store = faulty(inner, (call) => (faults.includes(call) ? 'before' : undefined));
        const batcher = new PackBatcher(store, { aloneBytes: 3000, maxWaitMs: 0, maxWrites: 2 });
        const keys = [newKey(), newKey(), newKey()];
        const run = async ({ tenant, sizes, abandons }: (typeof requests)[number]): Promise<void> => {
          const key = defined(keys[tenant]);
          const plains = sizes.map((size) => randomBytes(size));
          const open = batcher.open(key);
          for (const plain of plains) await open.add(chunkOf(plain));
          if (abandons) return open.abandon();
          const locations = await open.finish().catch((error: unknown) => {
            expect(error).toMatchObject({ name: 'StoreError', kind: 'unavailable' });
            return undefined;
          });
          for (const [i, location] of (locations ?? []).entries()) {
            expect(defined(plains[i]).equals(await readFrame(inner, key, location))).toBe(true);
          }
        };
        await Promise.all(requests.map(run));
        await batcher.close();
        expect(batcher.bufferedBytes).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
