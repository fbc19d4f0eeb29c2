import { describe, expect, test } from '@jest/globals';
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

describe('what becomes of an entry that is on both sides', () => {
  const [a, b] = ['b', 'c'].map((digit) => body({ listId: digit.repeat(64) as Digest }));
  const agreed = body();
  const later = (of: SyncBody | undefined): SyncBody => ({ ...(of ?? agreed), mtimeMs: 2_000 }) as SyncBody;
  const runs = { ...agreed, executable: true } as SyncBody;
  const unread = body({ listId: undefined, sizeBytes: 6 });
  const link = (target: string): SyncBody => ({ kind: 'symlink', target });

  test.each([
    ['nothing happened', agreed, agreed, agreed, 'same'],
    ['it was edited here', agreed, a, agreed, 'up'],
    ['it was edited there', agreed, agreed, a, 'down'],
    ['it was edited on both sides alike', agreed, a, a, 'same'],
    ['it was edited on both sides', agreed, a, b, 'conflict'],
    ['its time changed here', agreed, later(agreed), agreed, 'attributes_up'],
    ['its time changed there', agreed, agreed, later(agreed), 'attributes_down'],
    ['it may be run, here', agreed, runs, agreed, 'attributes_up'],
    ['it may be run, there', agreed, agreed, runs, 'attributes_down'],
    ['its attributes changed on both sides', agreed, later(agreed), runs, 'attributes_down'],
    ['it was edited here, and its time changed there', agreed, a, later(agreed), 'up'],
    ['its time changed here, and it was edited there', agreed, later(agreed), a, 'down'],
    ['it was edited alike, at another time here', agreed, later(a), a, 'attributes_up'],
    ['it was edited alike, at another time on both sides', agreed, a, later(a), 'attributes_down'],
    ['it is new on both sides, and alike', undefined, a, a, 'same'],
    ['it is new on both sides', undefined, a, b, 'conflict'],
    ['it is new on both sides, at another time', undefined, a, later(a), 'attributes_down'],
    ['it is new, and not read here', undefined, unread, a, 'read'],
    ['it is not read here, and was edited there', agreed, unread, a, 'read'],
    ['it is not read here, and its time changed there', agreed, unread, later(agreed), 'read'],
    ['it is not read here, and not the size that was agreed on', agreed, unread, agreed, 'up'],
    ['it is a folder', { kind: 'folder' }, { kind: 'folder' }, { kind: 'folder' }, 'same'],
    ['it leads where it led', link('x'), link('x'), link('x'), 'same'],
    ['it leads elsewhere here', link('x'), link('y'), link('x'), 'up'],
    ['it leads elsewhere there', link('x'), link('x'), link('y'), 'down'],
    ['it leads to two places', link('x'), link('y'), link('z'), 'conflict'],
  ] as const)('where %s', (_what, synced, local, remote, verdict) => {
    const of = (one: SyncBody | undefined) => entry(one ?? agreed);
    expect(judgeBody(synced === undefined ? undefined : of(synced), of(local), of(remote))).toBe(verdict);
  });
});
