import { describe, expect, test } from '@jest/globals';
import { observedRow } from './local-row.ts';
import { isTrusted } from './racy-window.ts';
import { fileBody, fileStat, id, listId, localRow, rootId } from './testing/rows.ts';

const row = localRow(1, 'a', { body: fileBody(1, { mtimeMs: 1_234, sizeBytes: 5 }) });
const see = (stat: ReturnType<typeof fileStat>, name = 'a') =>
  observedRow(id(1), { parentId: rootId, name }, row, { name, onDisk: name, stat });

describe('what is known of a file', () => {
  test('stands and is trusted where nothing differs, and after a rename alone', () => {
    expect(see(fileStat(1))).toEqual(row);
    expect(see(fileStat(1, { ctimeMs: 9_000 }), 'b')).toMatchObject({ body: { listId: listId(1) }, trusted: true });
  });

  test('is doubted where only the ctime differs', () => {
    expect(see(fileStat(1, { ctimeMs: 9_000 }))).toMatchObject({ body: { listId: listId(1) }, trusted: false });
  });

  test('is forgotten with another size, time or identity', () => {
    for (const stat of [fileStat(1, { sizeBytes: 6 }), fileStat(1, { mtimeMs: 7 }), fileStat(3)]) {
      expect(see(stat)).toMatchObject({ body: { listId: undefined }, trusted: false });
    }
  });

  test('a time that the disk rounded is as it was asked for until it changes', () => {
    expect(see(fileStat(1, { ctimeMs: 9_000 })).body).toMatchObject({ mtimeMs: 1_234 });
    expect(see(fileStat(1, { mtimeMs: 7_000.9 })).body).toMatchObject({ mtimeMs: 7_000 });
  });
});

test('a file is trusted when its time lies more than a second from when it was seen, on either side', () => {
  const stat = fileStat(1, { mtimeMs: 10_000 });
  expect([10_000, 11_000, 11_001, 9_000, 8_999].map((seenMs) => isTrusted(stat, seenMs))).toEqual([false, false, true, false, true]);
});
