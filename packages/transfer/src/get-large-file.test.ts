import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { chunkBytes, digestOf } from '@driftbox/chunking';
import { buildChunkList, sizeOf } from '@driftbox/domain';
import type { ChunkRef } from '@driftbox/domain';
import { seededRandom, temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import { getLargeFile } from './get-large-file.ts';
import { Slots } from './slots.ts';
import { memorySide } from './testing/memory-side.ts';
import type { MemorySide } from './testing/memory-side.ts';

let folder: TemporaryFolder;
let side: MemorySide;
beforeEach(async () => {
  folder = await temporaryFolder();
  side = memorySide();
});
afterEach(() => folder.remove());

const before = Buffer.from(seededRandom(1).bytes(24 << 20));
const now = Buffer.concat([Buffer.from('x'), before]);
const listOf = (content: Uint8Array) => [...chunkBytes(content)].map(({ digest, bytes }) => ({ digest, sizeBytes: bytes.length }));

/** Fetches `now` over a file that holds `old` and is said to have the chunks of `before`. */
async function fetchOver(old: Uint8Array, slots = new Slots(3)): Promise<{ readonly content: Uint8Array; readonly fetchedBytes: number }> {
  for (const { digest, bytes } of chunkBytes(now)) side.blobs.set(digest, Uint8Array.from(bytes));
  const path = `${folder.path}/file`;
  writeFileSync(path, old);
  const chunks = listOf(now);
  const { listId } = buildChunkList(chunks, digestOf);
  const { fetchedBytes } = await getLargeFile({
    client: side.client,
    drive: side.drive,
    file: { listId, chunks, sizeBytes: now.length, executable: false, mtime: '2020-01-01T00:00:00.000Z' },
    placement: { target: path, temporary: `${path}.part` },
    old: path,
    held: listOf(before),
    slots,
    signal: new AbortController().signal,
    progressed: () => undefined,
  });
  return { content: readFileSync(path), fetchedBytes };
}

/** Bytes of the chunks of `now` that are not among these. How many an inserted byte changes depends on where the content is cut. */
const bytesWithout = (held: readonly ChunkRef[]): number => {
  const here = new Set(held.map(({ digest }) => digest));
  return sizeOf(listOf(now).filter(({ digest }) => !here.has(digest)));
};

test('what the old file is known to hold is copied from it, wherever it has to go', async () => {
  const { content, fetchedBytes } = await fetchOver(before);
  expect(Buffer.compare(content, now)).toBe(0);
  expect(fetchedBytes).toBe(bytesWithout(listOf(before)));
  expect(fetchedBytes).toBeLessThan(now.length / 2);
});

test('what the old file only seems to hold is fetched', async () => {
  const damaged = Buffer.from(before);
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
  damaged[0] = (damaged[0] ?? 0) ^ 1;
  const { content, fetchedBytes } = await fetchOver(damaged);
  expect(Buffer.compare(content, now)).toBe(0);
  expect(fetchedBytes).toBe(bytesWithout(listOf(before).slice(1, -1)));
});

test('damage of a file fails it alone: what is in its place stays, and others find places for their requests', async () => {
  const slots = new Slots(3);
  const [first] = listOf(now);
  side.damaged.add(first!.digest);
  await expect(fetchOver(before, slots)).rejects.toMatchObject({ code: 'content_damaged' });
  expect(Buffer.compare(readFileSync(`${folder.path}/file`), before)).toBe(0);
  await slots.drain();
});
