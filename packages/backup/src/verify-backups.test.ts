import { listPacks, dataKeyOf } from '@driftbox/chunk-store';
import { digestOf } from '@driftbox/chunking';
import { expect, test } from '@jest/globals';
import { findPoint } from './find-point.ts';
import { listBackups } from './list-backups.ts';
import { allOf, memoryDestination, putPoint } from './testing/memory-destination.ts';
import { verifyBackups } from './verify-backups.ts';

const signal = new AbortController().signal;
const [row, chunk, later] = ['a row', 'a chunk', 'a later chunk'].map((text) => Buffer.from(text));
const first = { id: 'first', rows: [row!], chunks: [chunk!] };
const second = { id: 'second', rows: [row!], chunks: [chunk!, later!] };

test('points that are whole verify, each object once', async () => {
  const destination = memoryDestination();
  for (const point of [first, second]) await putPoint(destination, point);
  const told: number[] = [];
  const verified = await verifyBackups(destination, undefined, { signal, tell: ({ done }) => told.push(done) });
  // A row and its chunks, and the list of the chunks.
  expect(verified.map(({ id, objects, damaged }) => [id, objects, damaged])).toEqual([
    ['first', 3, []],
    ['second', 4, []],
  ]);
  expect(told).toEqual([1, 2, 3, 4, 5]);
});

test('what is gone is named by every point that needs it, and by no other', async () => {
  const destination = memoryDestination();
  await putPoint(destination, first);
  const before = new Set((await allOf(listPacks(destination.packs))).map(({ id }) => id));
  await putPoint(destination, second);
  for (const { id } of await allOf(listPacks(destination.packs))) if (!before.has(id)) await destination.packs.delete(id);
  const [whole, broken] = await verifyBackups(destination, undefined, { signal });
  expect([whole?.damaged, broken?.damaged.length]).toEqual([[], 1]);
  expect(await verifyBackups(destination, 'first', { signal })).toHaveLength(1);
});

test('what the tenant itself could not read any more is no damage of the backup', async () => {
  const destination = memoryDestination();
  await putPoint(destination, { ...first, damaged: [digestOf(Buffer.from('lost before'))] });
  expect((await verifyBackups(destination, undefined, { signal }))[0]?.damaged).toEqual([]);
  expect(await listBackups(destination)).toMatchObject([{ id: 'first', damaged: 1, chunks: 2, rows: 1 }]);
});

test('a point that is only begun is listed as that, until it is whole, and is never found as one', async () => {
  const destination = memoryDestination();
  await putPoint(destination, { ...first, isBegun: true });
  expect(await listBackups(destination)).toMatchObject([{ id: 'first', whole: false }]);
  await expect(findPoint(destination, undefined)).rejects.toMatchObject({ code: 'not_found' });
  for (const point of [first, second]) await putPoint(destination, point);
  expect((await listBackups(destination)).map(({ id, whole }) => [id, whole])).toEqual([
    ['first', true],
    ['second', true],
  ]);
  expect([(await findPoint(destination, undefined)).id, (await findPoint(destination, 'first')).id]).toEqual(['second', 'first']);
});

test('another key reads nothing', async () => {
  const destination = memoryDestination();
  await putPoint(destination, first);
  const other = { ...destination, key: dataKeyOf(destination.tenantId, 1, Buffer.alloc(32, 8)) };
  await expect(listBackups(other)).rejects.toMatchObject({ kind: 'corrupt' });
});
