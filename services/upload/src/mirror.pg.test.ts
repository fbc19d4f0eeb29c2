import { mirror, MemoryStore, StoreError, verify, type PackId, type PackStore } from '@driftbox/chunk-store';
import { seededRandom } from '@driftbox/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { listDamage } from './store/record-scrub.ts';
import { expectReadable, saveFile } from './testing/file-life.ts';
import { openWorld, type Person, type World } from './testing/world.ts';

const held = [new MemoryStore(), new MemoryStore()] as const;
/** Which of the two pools is out of reach. */
let away: number | undefined;
const reached = held.map((store, n): PackStore => {
  const reach = <T>(call: () => Promise<T>): Promise<T> =>
    away === n ? Promise.reject(new StoreError('unavailable', 'it is away')) : call();
  const whole = verify(store);
  return {
    write: (id, bytes) => reach(() => whole.write(id, bytes)),
    read: (id, range) => reach(() => whole.read(id, range)),
    stat: (id) => reach(() => whole.stat(id)),
    list: (page) => reach(() => whole.list(page)),
    delete: (id) => reach(() => whole.delete(id)),
  };
});
const both = mirror(reached[0]!, reached[1]!, { restMs: 0 });
const { signal } = new AbortController();
const random = seededRandom(8);

let world: World;
let alice: Person;
beforeAll(async () => {
  world = await openWorld({ packs: both, options: { mirror: both, upkeep: { bytesPerSecond: 1e9, scrubWithinMs: 60_000 } } });
  alice = await world.person();
});
beforeEach(() => (away = undefined));
afterAll(() => world?.stop());

const save = () => saveFile(world, alice, [random.bytes(300), random.bytes(400)]);
const packsOf = async (store: PackStore): Promise<PackId[]> => (await store.list({ limit: 1_000 })).packs.map(({ id }) => id);
/** One copy of every pack is gone, or has a flipped bit. */
async function harm(store: MemoryStore, how: 'gone' | 'flipped'): Promise<void> {
  for (const id of await packsOf(store)) {
    const bytes = await store.read(id);
    bytes[60]! ^= 1;
    await store.delete(id);
    if (how === 'flipped') await store.write(id, [bytes]);
  }
}
async function expectEqualPools(): Promise<void> {
  expect(await packsOf(held[1])).toEqual(await packsOf(held[0]));
  for (const id of await packsOf(held[0])) expect(Buffer.compare(await held[0].read(id), await held[1].read(id))).toBe(0);
}

test('while one of two pools is away files are saved and read, and it has them after a resync', async () => {
  const before = await save();
  for (const one of [0, 1]) {
    away = one;
    const during = await save();
    await expectReadable(alice, [before, during]);
    away = undefined;
    await both.resync({ signal });
    await expectEqualPools();
    away = 1 - one;
    await expectReadable(alice, [before, during]);
    away = undefined;
  }
});

test('what one pool lost or has damaged is read from the other, which makes it good', async () => {
  const files = [await save(), await save()];
  for (const store of held) {
    await harm(store, 'gone');
    await expectReadable(alice, files);
    await both.resync({ signal });
    await harm(store, 'flipped');
    await expectReadable(alice, files);
    for (const id of await packsOf(store)) await both.repair(id);
    await expectEqualPools();
  }
});

async function scrubAll(): Promise<void> {
  await world.test.adminQuery(`UPDATE packs SET verified_at = now() - interval '1 hour'`);
  await world.upload.scrub(world.tenantId);
  expect(await listDamage(world.database, world.tenantId, undefined, 10)).toEqual([]);
  expect(await world.test.adminQuery(`SELECT 1 FROM packs WHERE verified_at < now() - interval '30 minutes'`)).toEqual([]);
}

test.each([0, 1] as const)(
  'a scrub heals what is damaged in pool %i, which nobody has read yet, and nobody is told of damage',
  async (which) => {
    const file = await save();
    await harm(held[which], 'flipped');
    await scrubAll();
    await expectEqualPools();
    await expectReadable(alice, [file]);
  },
);

test.each([0, 1] as const)('while pool %i is away the other is scrubbed', async (which) => {
  await save();
  away = which;
  await scrubAll();
});
