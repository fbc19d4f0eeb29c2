import { listPacks, dieAt, faulty, type PackStore } from '@driftbox/chunk-store';
import { digestOf } from '@driftbox/chunking';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readBackupIndex, readObjects } from './backup-index.ts';
import type { Destination } from './destination.ts';
import { readManifests } from './manifest.ts';
import { removeBackup } from './remove-backup.ts';
import { allOf, memoryDestination, putPoint } from './testing/memory-destination.ts';
import { verifyBackups } from './verify-backups.ts';

const signal = new AbortController().signal;
const contents = Array.from({ length: 12 }, (_, n) => Buffer.alloc(50 + n, n));
/** Points by which contents each has, and which are only begun. */
const points = fc.array(fc.record({ has: fc.uniqueArray(fc.nat(contents.length - 1)), isBegun: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
});

const countPacks = async (store: PackStore): Promise<number> => (await allOf(listPacks(store))).length;

async function fill(
  destination: Destination,
  some: readonly { readonly has: readonly number[]; readonly isBegun: boolean }[],
): Promise<void> {
  for (const [n, { has, isBegun }] of some.entries()) {
    const chunks = has.map((at) => contents[at] ?? Buffer.alloc(0));
    await putPoint(destination, { id: `point ${n}`, rows: [Buffer.from(`row of ${n}`)], chunks, isBegun });
  }
}

/** That all of the points that are left can be read whole. */
async function expectWhole(destination: Destination, left: number): Promise<void> {
  const index = await readBackupIndex(destination);
  const kept = [
    ...(await readManifests(destination.points, destination.key)),
    ...(await readManifests(destination.begun, destination.key)),
  ];
  expect(kept).toHaveLength(left);
  for (const { manifest } of kept) {
    const pieces = [...manifest.rows.flatMap((row) => row.pieces), ...manifest.contents.pieces];
    expect((await allOf(readObjects(destination, index, pieces))).map(digestOf)).toEqual(pieces);
  }
  for (const { damaged } of await verifyBackups(destination, undefined, { signal })) expect(damaged).toEqual([]);
}

test('whichever points go, in whatever order, those that stay are whole; with the last all packs go', async () => {
  await fc.assert(
    fc.asyncProperty(points, fc.array(fc.nat(), { minLength: 6, maxLength: 6 }), async (some, order) => {
      const destination = memoryDestination();
      await fill(destination, some);
      const ids = some.map((_, n) => `point ${n}`).sort((a, b) => (order[Number(a.slice(6))] ?? 0) - (order[Number(b.slice(6))] ?? 0));
      for (const [gone, id] of ids.entries()) {
        await removeBackup(destination, id);
        await expectWhole(destination, ids.length - gone - 1);
      }
      expect(await countPacks(destination.packs)).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('wherever a removal dies, what stays is whole, and the next removal does the rest', async () => {
  const some = [
    { has: [0, 1, 2], isBegun: false },
    { has: [1, 3], isBegun: false },
    { has: [4], isBegun: false },
  ];
  for (const part of ['packs', 'points'] as const) {
    for (let n = 1; n < 40; n += 1) {
      const destination = memoryDestination();
      await fill(destination, some);
      const dying = { ...destination, [part]: faulty(destination[part], dieAt(n)) };
      const died = await removeBackup(dying, 'point 0').then(
        () => false,
        () => true,
      );
      const left = (await readManifests(destination.points, destination.key)).length;
      await expectWhole(destination, left);
      await removeBackup(destination, 'point 2');
      await expectWhole(destination, left - 1);
      if (left === 3) await removeBackup(destination, 'point 0');
      await removeBackup(destination, 'point 1');
      expect(await countPacks(destination.packs)).toBe(0);
      if (!died) break;
    }
  }
});

test('one that is not there is not found, and nothing goes', async () => {
  const destination = memoryDestination();
  await fill(destination, [{ has: [0], isBegun: false }]);
  await expect(removeBackup(destination, 'another')).rejects.toMatchObject({ code: 'not_found' });
  await expectWhole(destination, 1);
});

test('while it cannot be told what another point needs, no pack goes', async () => {
  const destination = memoryDestination();
  await fill(destination, [{ has: [0], isBegun: false }]);
  const [first] = await allOf(listPacks(destination.packs));
  await fill(destination, [
    { has: [0], isBegun: false },
    { has: [5], isBegun: false },
  ]);
  await destination.packs.delete(first!.id);
  const before = await countPacks(destination.packs);
  await expect(removeBackup(destination, 'point 1')).rejects.toMatchObject({ name: 'BackupDamaged' });
  expect(await countPacks(destination.packs)).toBe(before);
});
