import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { routes } from '@driftbox/protocol';
import { chunk, problem, useScene, type Scene } from './testing/scene.ts';

let { db, ada, eve, drive, driveEpoch, inDrive, folder, file, commit } = {} as Scene;
useScene((scene) => {
  ({ db, ada, eve, drive, driveEpoch, inDrive, folder, file, commit } = scene);
});

describe('the feed', () => {
  const feed = (after?: string, limit = 1000) => ada.user.call(routes.listChanges, { ...inDrive(), query: { after, limit } });

  test('tells everything live from nothing, then what changed, superseding older states', async () => {
    const d = folder('d');
    const f = file('f', [chunk('f')], { parentId: d.entryId });
    const gone = folder('gone');
    await commit([d, f, gone]);
    await commit([{ op: 'delete', entryId: gone.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 3 }]);
    const first = await feed(undefined, 1);
    expect(first).toMatchObject({ changes: [{ change: 'put', seq: 1 }], head: 4, more: true });
    const second = await feed(first.nextCursor);
    expect(second).toMatchObject({ changes: [{ change: 'put', seq: 2, entry: { entryId: f.entryId } }], more: false });
    expect(await feed(second.nextCursor)).toMatchObject({ changes: [], more: false, nextCursor: second.nextCursor });
    await commit([
      { ...f, writeId: randomUUID(), baseRev: 1 },
      { op: 'delete', entryId: d.entryId, writeId: randomUUID(), baseRev: 1, seenSeq: 9 },
    ]);
    const third = await feed(second.nextCursor);
    expect(third.changes).toEqual([
      { change: 'deleted', seq: 5, entryId: f.entryId },
      { change: 'deleted', seq: 6, entryId: d.entryId },
    ]);
    await commit([{ op: 'purge', entryId: d.entryId, writeId: randomUUID() }]);
    const pages = [await feed(third.nextCursor, 1)];
    pages.push(await feed(pages[0]!.nextCursor, 1));
    expect(
      pages
        .flatMap(({ changes }) => changes)
        .map((change) => change.change === 'deleted' && change.entryId)
        .toSorted(),
    ).toEqual([d.entryId, f.entryId].toSorted());
    expect(pages[1]!.more).toBe(false);
    expect((await feed()).changes).toEqual([]);
  });

  test('refuses cursors of another epoch, ahead of head, before the horizon, and forged ones', async () => {
    await commit([folder('a'), folder('b')]);
    const cursor = (keys: unknown[]) => Buffer.from(JSON.stringify(keys)).toString('base64url');
    await expect(feed(cursor([randomUUID(), 1, '', 0]))).rejects.toEqual(problem('cursor_expired'));
    await expect(feed(cursor([driveEpoch, 3, '', 0]))).rejects.toEqual(problem('cursor_expired'));
    await expect(feed('nonsense')).rejects.toEqual(problem('invalid_argument'));
    await db.adminQuery('UPDATE drives SET horizon_seq = 2 WHERE drive_id = $1', [drive]);
    await expect(feed(cursor([driveEpoch, 1, '', 0]))).rejects.toEqual(problem('cursor_expired'));
    expect((await feed(cursor([driveEpoch, 2, '', 0]))).changes).toEqual([]);
  });

  test('answers a crowd of polls at once, each by its own right', async () => {
    await commit([folder('a')]);
    const { nextCursor } = await feed();
    const polls = Array.from({ length: 50 }, (_, n) =>
      (n % 5 === 0 ? eve : ada).user.call(routes.listChanges, { ...inDrive(), query: { after: nextCursor } }),
    );
    const settled = await Promise.allSettled(polls);
    for (const [n, poll] of settled.entries()) {
      if (n % 5 === 0) expect(poll).toEqual({ status: 'rejected', reason: problem('not_found') });
      else expect(poll).toEqual({ status: 'fulfilled', value: { changes: [], nextCursor, head: 1, more: false } });
    }
    await commit([folder('b')]);
    expect((await feed(nextCursor)).changes).toMatchObject([{ change: 'put', seq: 2, entry: { name: 'b' } }]);
  });

  test('never skips a change while others commit', async () => {
    const writers = Promise.all(Array.from({ length: 30 }, (_, n) => commit([folder(`w${n}`)])));
    const seen: number[] = [];
    let cursor: string | undefined;
    while (seen.length < 30) {
      const page = await feed(cursor, 7);
      seen.push(...page.changes.map(({ seq }) => seq));
      cursor = page.nextCursor;
    }
    await writers;
    expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
  });
});
