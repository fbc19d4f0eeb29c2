import { randomBytes } from 'node:crypto';
import { faulty, MemoryStore, StoreError, type PackStore } from '@driftbox/chunk-store';
import type { Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chunkFrame, commitFrames, fetchFrames, newUpload, putFileOperation, putFrames, refOf, sha256 } from './testing/person-requests.ts';
import { openWorld, type World } from './testing/world.ts';
import { readLedger } from './store/read-ledger.ts';
import { recountLedger } from './store/recount-ledger.ts';

/** A switch on everything that this service writes to: the n-th call from arming on fails, before or after it did its work. */
const fault = { left: 0, when: 'before' as 'before' | 'after', hit: false };
async function strike<T>(run: () => Promise<T>, error: () => Error): Promise<T> {
  fault.left -= 1;
  if (fault.left !== 0) return run();
  fault.hit = true;
  if (fault.when === 'after') await run();
  throw error();
}

function striking(database: Database): Database {
  return {
    ...database,
    withTenant: (...args) =>
      strike(
        () => database.withTenant(...args),
        () => new Problem('unavailable', 'planted', { retryAfterSeconds: 1 }),
      ) as never,
  };
}

function strikingStore(store: PackStore): PackStore {
  return {
    ...bound(store),
    write: (id, bytes) =>
      strike(
        () => store.write(id, bytes),
        () => new StoreError('unavailable', 'planted'),
      ),
  };
}
const bound = (store: PackStore): PackStore => ({
  write: (id, bytes) => store.write(id, bytes),
  read: (id, range) => store.read(id, range),
  stat: (id) => store.stat(id),
  list: (page) => store.list(page),
  delete: (id) => store.delete(id),
});

let world: World;
beforeAll(async () => {
  world = await openWorld({ packs: strikingStore(new MemoryStore()), betweenDatabase: striking });
});
afterAll(() => world?.stop());

async function holds(open: World) {
  expect(await readLedger(open.database, open.tenantId)).toEqual(await recountLedger(open.database, open.tenantId));
}

/** Fails at call 1, 2, 3… until the work passes unharmed; after each failure invariants hold and a repeat succeeds. */
async function everywhere(
  when: 'before' | 'after',
  attempt: () => { run: () => Promise<unknown>; verify: () => Promise<void> },
): Promise<number> {
  for (let n = 1; n < 40; n += 1) {
    const { run, verify } = attempt();
    Object.assign(fault, { left: n, when, hit: false });
    const failed = await run().then(
      () => false,
      (error: Problem) => {
        expect(error.code).toBe('unavailable');
        return true;
      },
    );
    fault.left = 0;
    await holds(world);
    if (failed) await run();
    await verify();
    await holds(world);
    if (!fault.hit) return n - 1;
  }
  throw new Error('it never passed');
}

describe.each(['before', 'after'] as const)('a fault %s each call', (when) => {
  test('while chunks are put: nothing acknowledged is lost, a repeat succeeds', async () => {
    const alice = await world.person();
    const struck = await everywhere(when, () => {
      const [bytes, uploadId] = [[randomBytes(50_000), randomBytes(1_200_000)], newUpload()];
      return {
        run: () =>
          putFrames(
            alice,
            uploadId,
            bytes.map((one) => chunkFrame(one)),
          ),
        verify: async () =>
          expect((await fetchFrames(alice, bytes.map(sha256))).map(({ payload }) => sha256(payload))).toEqual(bytes.map(sha256)),
      };
    });
    expect(struck).toBeGreaterThanOrEqual(5);
  });

  test('while a file is committed with its chunks: the file is there once, whole', async () => {
    const alice = await world.person();
    const { drive } = world.metadata.drives.get(alice.drive)!;
    let name = 0;
    const struck = await everywhere(when, () => {
      const bytes = randomBytes(10_000);
      const operation = putFileOperation(drive.drive.rootId, `f${(name += 1)}`, [refOf(bytes)]);
      return {
        run: () => commitFrames(alice, [chunkFrame(bytes)], [operation]),
        verify: async () => {
          expect(drive.revisions.get(operation.entryId)).toHaveLength(1);
          expect((await fetchFrames(alice, [sha256(bytes)])).map(({ payload }) => sha256(payload))).toEqual([sha256(bytes)]);
        },
      };
    });
    expect(struck).toBeGreaterThanOrEqual(4);
  });
});

describe('a pool that is full', () => {
  test('answers unavailable with a time to retry, and leaves nothing half done', async () => {
    const full = await openWorld({
      packs: faulty(
        new MemoryStore(),
        () => 'before',
        () => new StoreError('full', 'no space'),
      ),
    });
    try {
      const alice = await full.person();
      await expect(putFrames(alice, newUpload(), [chunkFrame(randomBytes(100))])).rejects.toMatchObject({
        code: 'unavailable',
        retryAfterSeconds: 60,
      });
      for (const table of ['chunks', 'packs', 'proofs', 'pins']) expect(await full.test.adminQuery(`SELECT 1 FROM ${table}`)).toEqual([]);
    } finally {
      await full.stop();
    }
  });
});
