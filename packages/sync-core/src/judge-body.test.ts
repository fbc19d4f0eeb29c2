import { expect, test } from '@jest/globals';
import type { Digest, EntryId } from '@driftbox/domain';
import { judgeBody } from './judge-body.ts';
import type { SyncBody } from './tree.ts';

const body = (over: Partial<Extract<SyncBody, { kind: 'file' }>> = {}): SyncBody => ({
  kind: 'file',
  listId: 'a'.repeat(64) as Digest,
  sizeBytes: 5,
  mtimeMs: 1_000,
  executable: false,
  ...over,
});
const entry = (of: SyncBody) => ({ entryId: 'e' as EntryId, parentId: 'p' as EntryId, name: 'n', rev: 1, body: of });

test.each([
  ['looks as agreed on is read, not sent', {}, 'read'],
  ['has another size is sent', { sizeBytes: 6 }, 'up'],
  ['has another time is sent', { mtimeMs: 2_000 }, 'up'],
] as const)('a file whose bytes are not known and that %s', (_what, over, verdict) => {
  expect(judgeBody(entry(body()), entry(body({ listId: undefined, ...over })), entry(body()))).toBe(verdict);
});
