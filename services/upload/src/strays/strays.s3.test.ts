import { randomBytes, randomUUID } from 'node:crypto';
import { createClient } from '@driftbox/api-client';
import {
  createS3Bucket,
  createS3Client,
  generateDataKey,
  openDiskStore,
  openS3Store,
  PackIdentity,
  PackWriter,
  StoreError,
  type DataKey,
  type Leftovers,
  type PackId,
  type PackStore,
} from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import { signServiceToken } from '@driftbox/service-kit';
import { deathAt, mortalDatabase, temporaryFolder, testComponent, type Faults } from '@driftbox/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readLedger } from '../store/read-ledger.ts';
import { recountLedger } from '../store/recount-ledger.ts';
import { expectReadable, saveFile } from '../testing/file-life.ts';
import { chunkFrame, newUpload, putFrames, sha256 } from '../testing/person-requests.ts';
import { openWorld, serviceKey, type World } from '../testing/world.ts';

/** What the pool does before each call, for the test that is running. */
let between: (call: string, id?: PackId) => Promise<void> = async () => {};
let steps: Faults = deathAt(Infinity);

const pools = {
  disk: async () => {
    const folder = await temporaryFolder();
    return { store: await openDiskStore(`${folder.path}/pool`), close: () => folder.remove() };
  },
  S3: async () => {
    const options = { ...testComponent('s3'), bucket: `pool-${randomUUID()}` };
    await createS3Bucket(options);
    const store = await openS3Store(options);
    const client = createS3Client(options);
    const sha256Hex = sha256(Buffer.from('x'));
    await client.send({ method: 'PUT', key: 'packs/README', body: { pieces: [Buffer.from('x')], sizeBytes: 1, sha256Hex } }, 'put');
    client.close();
    return { store, close: async () => store.close() };
  },
};

describe.each(['disk', 'S3'] as const)('a pool on %s', (kind) => {
  let world: World;
  let store: PackStore & Leftovers;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ store, close } = await pools[kind]());
    const packs: PackStore = {
      write: async (id, bytes) => (await between('write', id), store.write(id, bytes)),
      read: (id, range) => store.read(id, range),
      stat: (id) => store.stat(id),
      list: (page) => store.list(page),
      delete: async (id) => (await between('delete', id), store.delete(id)),
    };
    const betweenDatabase: NonNullable<Parameters<typeof openWorld>[0]>['betweenDatabase'] = (database) => {
      const dying = mortalDatabase(database, {
        step: (label) => steps.step(label),
        get struck() {
          return steps.struck;
        },
      });
      return {
        ...dying,
        withTenant: async (...args) => {
          await between(typeof args[1] === 'string' ? '' : args[1].name);
          return dying.withTenant(...args);
        },
        systemTransaction: async (...args) => {
          await between('doom');
          return dying.systemTransaction(...args);
        },
      };
    };
    world = await openWorld({ packs, betweenDatabase, options: { leftovers: [store], upkeep: { bytesPerSecond: 1e9 } } });
  });
  afterAll(async () => {
    await world?.stop();
    await close?.();
  });
  beforeEach(() => {
    between = async () => {};
    steps = deathAt(Infinity);
  });
  afterEach(async () => {
    for (const { id } of (await store.list({ limit: 1000 })).packs) await store.delete(id);
    for (const table of ['stray_packs', 'packs', 'chunks', 'physical_ledger']) await world.test.adminQuery(`DELETE FROM ${table}`);
  });

  const passDays = (days: number) => world.test.adminQuery(`UPDATE stray_packs SET seen_at = seen_at - make_interval(days => ${days})`);
  const objects = async () => (await store.list({ limit: 1000 })).packs.map(({ id }) => id);
  const named = async () =>
    (await world.test.adminQuery<{ id: PackId }>(`SELECT replace(pack_id::text, '-', '') AS id FROM packs`)).map(({ id }) => id);
  const report = () =>
    createClient({ transport: world.upload.service.transport, token: () => signServiceToken(serviceKey, { caller: 'admin' }) }).call(
      routes.checkPoolInUpload,
    );

  /** Chunks whose writer dies once they are in the pool and before they are recorded. */
  async function dieBeforeRecording(): Promise<void> {
    between = async (call) => {
      if (call === 'upload.record-chunks') throw new StoreError('unavailable', 'dead');
    };
    const alice = await world.person();
    await expect(putFrames(alice, newUpload(), [chunkFrame(randomBytes(3_000))])).rejects.toThrow();
    between = async () => {};
  }

  test('loses what a dead writer left, a grace period after it was noticed, and nothing else', async () => {
    const alice = await world.person();
    const file = await saveFile(world, alice, [randomBytes(2_000)]);
    const [kept] = await objects();
    await dieBeforeRecording();
    const stray = (await objects()).find((id) => id !== kept);
    await world.upload.clear();
    await world.upload.clear();
    expect(await report()).toMatchObject({
      strays: [{ packId: stray, sizeBytes: expect.any(Number) }],
      strayPacks: 1,
      foreign: kind === 'S3' ? ['packs/README'] : [],
    });
    expect((await objects()).sort()).toEqual([kept, stray].sort());
    await passDays(2);
    await world.upload.clear();
    expect(await objects()).toEqual([kept]);
    expect(await report()).toMatchObject({ strays: [], strayPacks: 0, strayBytes: 0, foreign: kind === 'S3' ? ['packs/README'] : [] });
    await expectReadable(alice, [file]);
    expect(await readLedger(world.database, world.tenantId)).toEqual(await recountLedger(world.database, world.tenantId));
  });

  test('keeps a pack that no key of ours opens, and says so', async () => {
    await world.person();
    const foreignKey: DataKey = generateDataKey(randomUUID() as TenantId, 1);
    const writer = new PackWriter(foreignKey, PackIdentity.random());
    const bytes = randomBytes(500);
    writer.add({ digest: sha256(bytes), plainSize: bytes.length, encoding: 'raw', bytes });
    const pack = writer.finish();
    await store.write(pack.id, pack.bytes);
    for (let pass = 0; pass < 3; pass += 1) {
      await world.upload.clear();
      await passDays(2);
    }
    expect(await objects()).toEqual([pack.id]);
    expect(await report()).toMatchObject({ strays: [{ packId: pack.id }] });
  });

  test('never loses a pack that gets its row in the very moment in which it would go', async () => {
    const alice = await world.person();
    const bytes = randomBytes(3_000);
    const [asleep, awake] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    between = async (call) => {
      if (call !== 'upload.record-chunks') return;
      asleep.resolve();
      await awake.promise;
    };
    const putting = putFrames(alice, newUpload(), [chunkFrame(bytes)]);
    await asleep.promise;
    await world.upload.clear();
    await passDays(2);
    between = async (call) => {
      if (call !== 'doom') return;
      // It was found due, and to be ours: here its writer wakes up.
      between = async () => {};
      awake.resolve();
      expect(await putting).toEqual(['stored']);
    };
    await world.upload.clear();
    expect(await putting).toEqual(['stored']);
    expect(await named()).toHaveLength(1);
    expect(await objects()).toEqual(await named());
    await expectReadable(alice, [{ entryId: '', pieces: [bytes] }]);
  });

  test('refuses the row of a pack that went, and what is sent again is there', async () => {
    const alice = await world.person();
    const [uploadId, frame] = [newUpload(), chunkFrame(randomBytes(3_000))];
    between = async (call) => {
      if (call !== 'upload.record-chunks') return;
      between = async () => {};
      await world.upload.clear();
      await passDays(2);
      await world.upload.clear();
      expect(await objects()).toEqual([]);
    };
    await expect(putFrames(alice, uploadId, [frame])).rejects.toMatchObject({ code: 'unavailable' });
    expect(await named()).toEqual([]);
    expect(await putFrames(alice, uploadId, [frame])).toEqual(['stored']);
    expect(await named()).toEqual(await objects());
  });

  test('is cleared to the end by another after a death at any step, and no row is without its object', async () => {
    for (let n = 1; ; n += 1) {
      const alice = await world.person();
      const file = await saveFile(world, alice, [randomBytes(2_000)]);
      await dieBeforeRecording();
      await world.upload.clear();
      await passDays(2);
      steps = deathAt(n);
      between = async (call) => {
        if (call === 'delete') steps.step(call);
      };
      await world.upload.clear().catch((error: unknown) => (steps.struck ? undefined : Promise.reject(error as Error)));
      const isOver = !steps.struck;
      between = async () => {};
      steps = deathAt(Infinity);
      expect(await objects()).toEqual(expect.arrayContaining(await named()));
      await world.upload.clear();
      expect((await objects()).sort()).toEqual((await named()).sort());
      await expectReadable(alice, [file]);
      if (isOver) {
        expect(n).toBeGreaterThan(6);
        return;
      }
    }
  });
});
