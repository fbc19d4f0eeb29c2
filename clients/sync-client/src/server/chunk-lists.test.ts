import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createClient } from '@driftbox/api-client';
import { parseEntryId } from '@driftbox/domain';
import type { ChunkRef, Digest } from '@driftbox/domain';
import type { Drive } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { ChunkLists } from './chunk-lists.ts';

const digest = (text: string): Digest => createHash('sha256').update(text).digest('hex') as Digest;
const entryId = newId(parseEntryId);
const listOf = (length: number): ChunkRef[] => Array.from({ length }, (_, index) => ({ digest: digest(`${index}`), sizeBytes: 2 ** 22 }));

test('a list that was read here is not asked for, until newer ones have taken its room', async () => {
  let asked = 0;
  const transport = async (): Promise<never> => {
    asked += 1;
    throw new Error('no server');
  };
  const lists = new ChunkLists(createClient({ transport }), { drive: entryId } as unknown as Drive);
  const content = (name: string) => ({ listId: digest(name), sizeBytes: 2 ** 30 });
  const chunks = listOf(50_000);
  for (const name of ['a', 'b', 'b']) lists.keepChunks(digest(name), chunks);
  expect(await lists.of(entryId, content('a'))).toBe(chunks);
  expect(asked).toBe(0);
  lists.keepChunks(digest('c'), chunks);
  expect(await lists.of(entryId, content('b'))).toBe(chunks);
  await expect(lists.of(entryId, content('a'))).rejects.toThrow();
  expect(asked).toBeGreaterThan(0);
});
