import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { chunkBytes } from '@driftbox/chunking';
import { temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import { giveShared } from '@driftbox/threads';
import { LocalFile } from './local-bytes.ts';
import { readChunks } from './read-chunks.ts';

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

test.each([0, 1, 1 << 20, 48 << 20])('%d bytes are cut and hashed as everywhere, though memory is used again', async (size) => {
  const path = `${folder.path}/file`;
  const content = randomBytes(size);
  writeFileSync(path, content);
  const handle = new LocalFile(path);
  const got: { digest: string; offset: number }[] = [];
  const places = new Set<unknown>();
  for await (const { digest, bytes, offset } of readChunks(handle)) {
    expect(Buffer.compare(bytes, content.subarray(offset, offset + bytes.length))).toBe(0);
    got.push({ digest, offset });
    places.add(bytes.buffer);
    giveShared(bytes);
  }
  await handle.close();
  expect(got).toEqual([...chunkBytes(content)].map(({ digest, offset }) => ({ digest, offset })));
  // A chunk longer than usual moves to a larger place while it grows.
  expect(places.size).toBeLessThan(10);
});

test('a reader that leaves early leaves nothing that a thread still looks at', async () => {
  const path = `${folder.path}/file`;
  writeFileSync(path, randomBytes(20 << 20));
  const handle = new LocalFile(path);
  for await (const { bytes } of readChunks(handle)) {
    giveShared(bytes);
    break;
  }
  await handle.close();
  const again = new LocalFile(path);
  let read = 0;
  for await (const { bytes } of readChunks(again)) {
    read += bytes.length;
    giveShared(bytes);
  }
  await again.close();
  expect(read).toBe(20 << 20);
});
