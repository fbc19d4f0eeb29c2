import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { digestOf } from '@driftbox/chunking';
import { buildChunkList } from '@driftbox/domain';
import type { ChunkRef } from '@driftbox/domain';
import { readChunkList } from './read-chunk-list.ts';
import { memorySide } from './testing/memory-side.ts';

const chunks = Array.from({ length: 3_000 }, (): ChunkRef => ({ digest: digestOf(randomBytes(8)), sizeBytes: 4 }));
const edited = chunks.with(1_500, { digest: digestOf(randomBytes(8)), sizeBytes: 5 });

function blocksOf(list: readonly ChunkRef[]) {
  const built = buildChunkList(list, digestOf);
  if (built.form !== 'segmented') throw new TypeError('the list should be long');
  return built;
}

test('a long list is read whole, or as what an older one at hand lacks', async () => {
  const { listId, root, segments } = blocksOf(edited);
  const { client, drive, blobs } = memorySide();
  for (const { digest, bytes } of [...segments, root]) blobs.set(digest, bytes);
  expect(await readChunkList(client, drive, { listId })).toEqual(edited);

  // The server would fail to answer for these.
  const shared = blocksOf(chunks).segments.filter(({ digest }) => blobs.delete(digest));
  expect(shared.length).toBeGreaterThan(3);
  expect(await readChunkList(client, drive, { listId }, chunks)).toEqual(edited);
});

test('a list that is not what its id says is refused', async () => {
  const { listId } = blocksOf(edited);
  const { client, drive, blobs } = memorySide();
  blobs.set(listId, Buffer.from('something else'));
  await expect(readChunkList(client, drive, { listId })).rejects.toThrow('damaged');
});
