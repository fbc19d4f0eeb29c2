import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { createFolderDeadLetters, createMemoryDeadLetters, deadLetterId, type DeadLetterStore } from './dead-letter-store.ts';
import type { DeadLetter } from './event-bus.ts';

const letter = (n: number, cause = 'why'): DeadLetter => {
  const event = {
    specversion: '1.0',
    id: String(n),
    source: '/s',
    type: 't',
    time: '2026-01-01T00:00:00Z',
    datacontenttype: 'application/json',
    tenant: 't',
    partitionkey: 'k',
    data: { ä: n },
  } as const;
  return { id: deadLetterId('g', event), group: 'g', topic: 't', key: 'k', event, cause, attempts: 3, failedAtMs: 1_000 - n };
};

describe.each(['memory', 'folder'])('dead letters in %s', (kind) => {
  const withStore = async (use: (store: DeadLetterStore) => Promise<void>, limit?: number): Promise<void> => {
    await using folder = await temporaryFolder();
    await use(kind === 'memory' ? createMemoryDeadLetters(limit) : createFolderDeadLetters(`${folder.path}/letters`, limit));
  };

  test('are listed oldest first, at most as many as asked for, and found by id', () =>
    withStore(async (store) => {
      expect(await store.list(10)).toEqual([]);
      expect(await store.get(letter(1).id)).toBeUndefined();
      for (const n of [1, 2, 3]) await store.add(letter(n));
      expect(await store.list(2)).toEqual([letter(3), letter(2)]);
      expect(await store.get(letter(1).id)).toEqual(letter(1));
    }));

  test('the same event and group is one letter, the latest', () =>
    withStore(async (store) => {
      await store.add(letter(1, 'first'));
      await store.add(letter(1, 'second'));
      expect(await store.list(10)).toEqual([letter(1, 'second')]);
    }));

  test('a full store takes no letter more, but one that it has', () =>
    withStore(async (store) => {
      for (const n of [1, 2]) await store.add(letter(n));
      await expect(store.add(letter(3))).rejects.toThrow('2 dead letters are kept already');
      await store.add(letter(2, 'again'));
      await store.remove(letter(1).id);
      await store.add(letter(3));
      expect(await store.list(10)).toEqual([letter(3), letter(2, 'again')]);
    }, 2));

  test('removed is gone, and removing again is no error', () =>
    withStore(async (store) => {
      await store.add(letter(1));
      await store.remove(letter(1).id);
      await store.remove(letter(1).id);
      expect(await store.list(10)).toEqual([]);
    }));
});

test('a file half written by a crash is no letter', async () => {
  await using folder = await temporaryFolder();
  const store = createFolderDeadLetters(folder.path);
  await store.add(letter(1));
  await writeFile(`${folder.path}/abc.json.new`, '{"half":');
  expect(await store.list(10)).toEqual([letter(1)]);
});

test('an id cannot lead out of the folder', async () => {
  await using folder = await temporaryFolder();
  await writeFile(`${folder.path}/secret.json`, '"secret"');
  const store = createFolderDeadLetters(`${folder.path}/letters`);
  expect(await store.get('../secret')).toBeUndefined();
});
