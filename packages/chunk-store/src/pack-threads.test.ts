import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import { giveShared, isShared, takeShared } from '@driftbox/threads';
import { PackBatcher, openDiskStore, readEncodedFrames, readFrame } from './index.ts';
import type { PackStore } from './index.ts';
import { chunkOf, defined, newKey } from './testing/pack-fixture.ts';

let folder: TemporaryFolder;
let store: PackStore;
beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openDiskStore(join(folder.path, 'pool'));
});
afterEach(() => folder.remove());

/** A chunk in memory that threads share, as it comes from the wire. */
function shared(sizeBytes: number) {
  const bytes = takeShared(sizeBytes);
  bytes.set(randomBytes(sizeBytes));
  return chunkOf(bytes);
}

test('large chunks that threads seal come back among small ones, each in memory of its own', async () => {
  const key = newKey();
  const chunks = [shared(4 << 20), chunkOf(randomBytes(50)), shared(2 << 20), chunkOf(randomBytes(70_000)), shared(8 << 20)];
  const plains = chunks.map(({ bytes }) => Buffer.from(bytes));
  const batcher = new PackBatcher(store);
  const places = await batcher.add(key, chunks);
  chunks.forEach(({ bytes }) => giveShared(bytes));
  const places2 = await batcher.add(key, [shared(4 << 20)]);
  const got: Uint8Array[] = [];
  for await (const { bytes } of readEncodedFrames(store, key, [...places, ...places2])) got.push(bytes);
  for (const [index, plain] of plains.entries()) expect(Buffer.compare(defined(got[index]), plain)).toBe(0);
  const large = got.filter(isShared);
  expect(large.length).toBe(4);
  expect(new Set(large.map((bytes) => bytes.buffer)).size).toBe(4);
});

test('a large chunk that was damaged on disk is corrupt, and none of it is seen', async () => {
  const key = newKey();
  const [place] = await new PackBatcher(store).add(key, [shared(4 << 20)]);
  const { packId } = defined(place);
  const file = join(folder.path, 'pool', packId.slice(0, 1), packId.slice(1, 2), packId);
  const bytes = await readFile(file);
  bytes[2_000_000]! ^= 1;
  await writeFile(file, bytes);
  await expect(readFrame(store, key, defined(place))).rejects.toMatchObject({ kind: 'corrupt' });
  await expect(readEncodedFrames(store, key, [defined(place)]).next()).rejects.toMatchObject({ kind: 'corrupt' });
});
