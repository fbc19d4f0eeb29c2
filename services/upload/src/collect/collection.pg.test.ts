import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { openDiskStore, StoreError, type PackStore } from '@driftbox/chunk-store';
import type { Database } from '@driftbox/postgres';
import { seededRandom, temporaryFolder, type TemporaryFolder } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { holdCollection } from '../store/hold-collection.ts';
import { readLedger } from '../store/read-ledger.ts';
import { recountLedger } from '../store/recount-ledger.ts';
import { expectReadable, passDays, purgeFile, saveFile, type SavedFile } from '../testing/file-life.ts';
import { chunkFrame, newUpload, putFrames } from '../testing/person-requests.ts';
import { openWorld, type Person, type World } from '../testing/world.ts';

/** The n-th statement from arming on fails, before or after it did its work; `before` a named one, something else happens. */
const fault = { left: 0, when: 'before' as 'before' | 'after', hit: false };
const interposed = new Map<string, () => Promise<unknown>>();
const between = (database: Database): Database => ({
  ...database,
  withTenant: async (...args) => {
    const name = typeof args[1] === 'string' ? '' : args[1].name;
    const first = interposed.get(name);
    interposed.delete(name);
    await first?.();
    fault.left -= 1;
    if (fault.left !== 0) return database.withTenant(...args);
    fault.hit = true;
    if (fault.when === 'after') await database.withTenant(...args);
    throw new Error('planted');
  },
});

let folder: TemporaryFolder;
let packs: PackStore;
/** Packs that cannot be read at the moment. */
const away = new Set<string>();
let world: World;
let random = seededRandom(1);
beforeAll(async () => {
  folder = await temporaryFolder();
  const disk = await openDiskStore(`${folder.path}/pool`);
  packs = {
    write: (id, bytes) => disk.write(id, bytes),
    read: async (id, range) => {
      if (away.has(id)) throw new StoreError('unavailable', 'planted');
      return disk.read(id, range);
    },
    stat: (id) => disk.stat(id),
    list: (page) => disk.list(page),
    delete: (id) => disk.delete(id),
  };
  world = await openWorld({ packs, betweenDatabase: between, options: { upkeep: { readMs: 60_000, bytesPerSecond: 1e9 } } });
});
afterAll(async () => {
  await world?.stop();
  await folder?.remove();
});

/** Bytes of all objects, as the file system has them. */
async function bytesOnDisk(): Promise<number> {
  const files = await readdir(`${folder.path}/pool`, { recursive: true });
  const sizes = await Promise.all(files.filter((name) => /[0-9a-f]{32}$/.test(name)).map((name) => packs.stat(name.slice(-32) as never)));
  return sizes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

async function expectBooks(): Promise<void> {
  const kept = await readLedger(world.database, world.tenantId);
  expect(kept).toEqual(await recountLedger(world.database, world.tenantId));
  expect(await bytesOnDisk()).toBe(kept.packBytes);
}

/** As many passes, two days apart, as anything takes from the last reference to the disk. */
async function collectAll(): Promise<void> {
  for (let pass = 0; pass < 4; pass += 1) {
    await passDays(world, 2);
    await world.upload.collect(world.tenantId);
  }
}

const pieces = (count: number) => Array.from({ length: count }, () => random.bytes(2_000));

describe('collection', () => {
  test('gives back the space of what was purged, rewrites mostly dead packs, and leaves the rest readable', async () => {
    const alice = await world.person();
    const kept = await saveFile(world, alice, pieces(1));
    const shared = pieces(1);
    const [one, two] = [await saveFile(world, alice, [...pieces(9), ...shared]), await saveFile(world, alice, [...shared, ...pieces(3)])];
    const before = await bytesOnDisk();
    await collectAll();
    expect(await bytesOnDisk()).toBe(before);
    await purgeFile(world, alice, one);
    await passDays(world, 2);
    expect(await world.upload.collect(world.tenantId)).toMatchObject({ condemned: 9, chunks: 0 });
    expect(await bytesOnDisk()).toBe(before);
    await passDays(world, 2);
    expect(await world.upload.collect(world.tenantId)).toMatchObject({ chunks: 9, movedBytes: 2_016, packs: 0 });
    await passDays(world, 2);
    expect(await world.upload.collect(world.tenantId)).toMatchObject({ condemned: 0, packs: 1 });
    expect(await bytesOnDisk()).toBeLessThan(before - 15_000);
    await expectReadable(alice, [kept, two]);
    await expectBooks();
    await purgeFile(world, alice, kept);
    await purgeFile(world, alice, two);
    await collectAll();
    expect([await bytesOnDisk(), await readLedger(world.database, world.tenantId)]).toEqual([
      0,
      { packBytes: 0, liveBytes: 0, packs: 0, chunks: 0 },
    ]);
  });

  test('frees dead packs beside one that is to be rewritten and cannot be read', async () => {
    const alice = await world.person();
    const stays = pieces(1);
    const file = await saveFile(world, alice, [...stays, ...pieces(9)]);
    const [place] = await world.test.adminQuery<{ id: string }>(`SELECT DISTINCT replace(pack_id::text, '-', '') AS id FROM chunks`);
    const kept = await saveFile(world, alice, stays);
    const dead = await saveFile(world, alice, pieces(9));
    for (const one of [file, dead]) await purgeFile(world, alice, one);
    away.add(place!.id);
    for (let pass = 0; pass < 4; pass += 1) {
      await passDays(world, 2);
      await world.upload.collect(world.tenantId).catch((error: unknown) => expect(error).toMatchObject({ code: 'unavailable' }));
    }
    expect((await packs.list({ limit: 10 })).packs.map(({ id }) => id)).toEqual([place!.id]);
    away.clear();
    await collectAll();
    await expectReadable(alice, [kept]);
    await expectBooks();
    await purgeFile(world, alice, kept);
    await collectAll();
  });

  test('leaves what an open upload proved, until it expires', async () => {
    const alice = await world.person();
    await putFrames(alice, newUpload(), [chunkFrame(random.bytes(500))]);
    await collectAll();
    expect((await readLedger(world.database, world.tenantId)).chunks).toBe(1);
    await world.test.adminQuery("UPDATE uploads SET expires_at = now() - interval '1 second'");
    await world.upload.expire(world.tenantId);
    await collectAll();
    await expectBooks();
    expect(await bytesOnDisk()).toBe(0);
  });

  test('deletes nothing while somebody holds it back, and goes on when nobody does', async () => {
    const alice = await world.person();
    await purgeFile(world, alice, await saveFile(world, alice, pieces(3)));
    const holder = randomUUID();
    await holdCollection(world.database, world.tenantId, holder, 60);
    await collectAll();
    expect((await readLedger(world.database, world.tenantId)).chunks).toBe(3);
    await holdCollection(world.database, world.tenantId, randomUUID(), 0);
    await collectAll();
    expect((await readLedger(world.database, world.tenantId)).chunks).toBe(3);
    await holdCollection(world.database, world.tenantId, holder, 0);
    await collectAll();
    await expectBooks();
    expect(await bytesOnDisk()).toBe(0);
  });

  test('stores once more what is deleted in the very moment in which its bytes come again', async () => {
    const alice = await world.person();
    const some = pieces(2);
    await purgeFile(world, alice, await saveFile(world, alice, some));
    await passDays(world, 2);
    await world.upload.collect(world.tenantId);
    interposed.set('upload.revive-chunks', async () => {
      await passDays(world, 2);
      expect(await world.upload.collect(world.tenantId)).toMatchObject({ chunks: 2 });
    });
    const again = await saveFile(world, alice, some);
    expect(interposed.size).toBe(0);
    await collectAll();
    await expectReadable(alice, [again]);
    await purgeFile(world, alice, again);
    await collectAll();
  });

  test('a reader that is slower than any grace period finds what was moved', async () => {
    const alice = await world.person();
    const stays = pieces(1);
    const file = await saveFile(world, alice, [...stays, ...pieces(9)]);
    const kept = await saveFile(world, alice, stays);
    await purgeFile(world, alice, file);
    const [place] = await world.test.adminQuery<{ pack_id: string }>('SELECT DISTINCT pack_id FROM chunks');
    await collectAll();
    expect(await world.test.adminQuery('SELECT 1 FROM packs WHERE pack_id = $1', [place!.pack_id])).toEqual([]);
    await expectReadable(alice, [kept]);
    await purgeFile(world, alice, kept);
    await collectAll();
  });

  test.each(['before', 'after'] as const)('that fails %s any of its statements loses nothing, and goes on', async (when) => {
    const alice = await world.person();
    const stays = pieces(2);
    const kept = await saveFile(world, alice, stays);
    for (let at = 1; ; at += 1) {
      await purgeFile(world, alice, await saveFile(world, alice, [...stays, ...pieces(6)]));
      await passDays(world, 2);
      await world.upload.collect(world.tenantId);
      await passDays(world, 2);
      Object.assign(fault, { left: at, when, hit: false });
      await world.upload.collect(world.tenantId).catch((error: Error) => expect(error.message).toBe('planted'));
      fault.left = 0;
      await expectReadable(alice, [kept]);
      if (!fault.hit) break;
      expect(at).toBeLessThan(40);
    }
    await collectAll();
    await expectReadable(alice, [kept]);
    expect((await readLedger(world.database, world.tenantId)).chunks).toBe(2);
    await purgeFile(world, alice, kept);
    await collectAll();
    const { packs: left } = await readLedger(world.database, world.tenantId);
    expect(left).toBe(0);
  });

  test('in any order of saving, purging, collecting and waiting keeps every file and its books', async () => {
    random = seededRandom(7);
    const alice: Person = await world.person();
    const pool = pieces(10);
    const files = new Set<SavedFile>();
    for (let step = 0; step < 80; step += 1) {
      const what = random.next();
      const file = files.size === 0 ? undefined : random.pick([...files]);
      if (what < 0.35)
        files.add(await saveFile(world, alice, [...new Set(Array.from({ length: random.integer(1, 5) }, () => random.pick(pool)))]));
      else if (what < 0.65 && file !== undefined) {
        await purgeFile(world, alice, file);
        files.delete(file);
      } else if (what < 0.85) await world.upload.collect(world.tenantId);
      else await passDays(world, 2);
      await expectReadable(alice, files);
    }
    await collectAll();
    await expectReadable(alice, files);
    const digests = new Set([...files].flatMap(({ pieces: some }) => some));
    expect((await readLedger(world.database, world.tenantId)).chunks).toBe(digests.size);
    expect(await readLedger(world.database, world.tenantId)).toEqual(await recountLedger(world.database, world.tenantId));
  });
});
