import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { needsOf } from './commit/needs-of.ts';
import type { CommitState } from './commit/state.ts';
import { MemoryDrive } from './memory-drive.ts';
import { recount, sumSubtree } from './memory-ledger.ts';
import { changesAfter, liveChildren, livePath, treeAt } from './read-drive.ts';
import type { EntryId } from './ids.ts';
import { content, entryId, expectDone, newDrive, request, rootId, run } from './testing/fixtures.ts';
import { histories, play, realRule } from './testing/history.ts';

/** The same rows in maps of their own. */
function copyOf(drive: MemoryDrive): MemoryDrive {
  const copy = new MemoryDrive(drive.drive);
  for (const name of ['entries', 'answers'] as const) for (const [key, value] of drive[name]) copy[name].set(key as never, value as never);
  for (const [entryId, revisions] of drive.revisions) copy.revisions.set(entryId, [...revisions]);
  for (const [entryId, children] of drive.children) copy.children.set(entryId, new Set(children));
  for (const entryId of drive.tombstones) copy.tombstones.add(entryId);
  copy.changes.push(...drive.changes);
  return copy;
}

/** Everything the drive has, whatever is asked for. */
function everything(drive: MemoryDrive): Omit<CommitState, 'changed' | 'elsewhere'> {
  return {
    drive: drive.drive,
    entries: [...drive.entries.values()],
    children: [...drive.entries.values()].filter(({ trashed }) => trashed === undefined),
    answers: [...drive.answers.values()],
    revisions: [...drive.revisions.values()].flat().map((revision) => ({ ...revision, drive: drive.drive.driveId })),
    sums: [...drive.entries.keys()].map((entryId) => sumSubtree(drive, entryId)),
    mountable: [],
  };
}

const rowsOf = (drive: MemoryDrive): unknown => [
  drive.drive,
  [...drive.entries].toSorted(byKey),
  [...drive.revisions].toSorted(byKey),
  drive.changes,
  [...drive.answers].toSorted(byKey),
  [...drive.tombstones].toSorted(),
];
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

describe('what the rule looks at', () => {
  test('is what it asked for: with all rows at hand it decides the same', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        let drive = new MemoryDrive(play([], realRule, () => {}).drive);
        play(
          batches,
          (state, asked) => {
            const decided = realRule(state, asked);
            const { changed, elsewhere } = state;
            expect(realRule({ ...everything(drive), changed, elsewhere }, asked)).toEqual(decided);
            return decided;
          },
          (after) => (drive = copyOf(after)),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('does not depend on the order of the rows, and is never changed', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        play(
          batches,
          (state, asked) => {
            const frozen = JSON.stringify(state);
            const decided = realRule(state, asked);
            expect(JSON.stringify(state)).toBe(frozen);
            const turned: CommitState = {
              ...state,
              entries: state.entries.toReversed(),
              children: state.children.toReversed(),
              answers: state.answers.toReversed(),
              revisions: state.revisions.toReversed(),
              sums: state.sums.toReversed(),
            };
            expect(realRule(turned, asked)).toEqual(decided);
            return decided;
          },
          () => {},
        );
      }),
      { numRuns: 60 },
    );
  });

  test('is asked for once: no list of needs has anything twice', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        play(batches, realRule, (_drive, { request: { operations } }) => {
          const { seen: _seen, ...lists } = needsOf(operations);
          for (const list of Object.values(lists)) {
            const texts = list.map((one) => JSON.stringify(one));
            expect(new Set(texts).size).toBe(texts.length);
          }
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a batch', () => {
  test('does what its operations would do one commit after the other', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        let before = new MemoryDrive(play([], realRule, () => {}).drive);
        play(batches, realRule, (drive, { request: asked, done }) => {
          const single = copyOf(before);
          before = copyOf(drive);
          // What a commit itself changed its author has seen; of two commits the second author has not.
          const comparable = !asked.atomic && asked.operations.every(({ op }) => op !== 'delete');
          if (!comparable) return;
          const { budget } = asked;
          const start = { bytes: 0, files: 0 };
          const outcomes = asked.operations.map((operation) => {
            const files = budget.files && { ...budget.files, growFiles: budget.files.growFiles - start.files };
            const left = { ...budget, growBytes: budget.growBytes - start.bytes, files };
            const one = expectDone(single.commit({ ...asked, operations: [operation], budget: left }));
            start.bytes += one.grownBytes;
            start.files += one.grownFiles;
            return one.outcomes[0];
          });
          expect(outcomes).toEqual(done.outcomes);
          expect(single.drive).toEqual(drive.drive);
          expect([...single.entries].toSorted(byKey)).toEqual([...drive.entries].toSorted(byKey));
        });
      }),
      { numRuns: 60 },
    );
  });

  test('sent again answers alike and writes nothing, however much happened since', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        const sent: { operations: Parameters<typeof request>[0]; outcomes: readonly unknown[] }[] = [];
        const drive = play(batches, realRule, (_drive, step) => {
          const committed = step.request.operations.filter((_operation, at) => step.done.outcomes[at]!.outcome === 'committed');
          const outcomes = step.done.outcomes.filter(({ outcome }) => outcome === 'committed');
          sent.push({ operations: committed, outcomes });
        });
        const rows = JSON.stringify(rowsOf(drive));
        for (const { operations, outcomes } of sent) {
          const again = expectDone(drive.commit(request(operations)));
          expect(again.outcomes).toEqual(outcomes);
          expect(again.changes).toEqual([]);
        }
        expect(JSON.stringify(rowsOf(drive))).toBe(rows);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['the folder that it left', 'the folder that it came to'])(
    'edits a file into another folder, and purges %s: its history goes along',
    (what) => {
      const drive = newDrive();
      const [from, to, file] = [entryId(1), entryId(2), entryId(3)];
      const save = (baseRev: number | null, parentId: EntryId) =>
        ({ op: 'putFile', entryId: file, baseRev, parentId, name: 'f', content: content(baseRev ?? 0, 10), mtimeMs: 1 }) as const;
      run(drive, [
        { op: 'createFolder', entryId: from, parentId: rootId, name: 'from' },
        { op: 'createFolder', entryId: to, parentId: rootId, name: 'to' },
        save(null, from),
        save(1, from),
      ]);
      const purged = what.endsWith('left') ? from : to;
      const seenSeq = drive.drive.seq;
      run(drive, [save(2, to), { op: 'delete', entryId: purged, baseRev: 1, seenSeq }, { op: 'purge', entryId: purged }]);
      expect(drive.tombstones).toContain(purged);
      expect(drive.drive.ledger).toEqual(recount(drive));
    },
  );

  test('that nothing of fits leaves the drive as it was', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        const drive = play(batches, realRule, () => {});
        const rows = JSON.stringify(rowsOf(drive));
        const locked = copyOf(drive);
        locked.drive = { ...locked.drive, locked: true };
        play(batches, realRule, (_other, { request: { operations } }) => {
          const fresh = operations.filter(({ entryId, writeId }) => !locked.answers.has(`${entryId}/${writeId}`));
          expect(expectDone(locked.commit(request(fresh))).outcomes.every(({ outcome }) => outcome === 'locked')).toBe(true);
        });
        locked.drive = { ...locked.drive, locked: false };
        expect(JSON.stringify(rowsOf(locked))).toBe(rows);
      }),
      { numRuns: 30 },
    );
  });
});

/** Paths of everything live, walked downwards, with the revision each stands at. */
function walk(drive: MemoryDrive, parentId = rootId, above = ''): [string, number][] {
  return liveChildren(drive, parentId).flatMap((entry): [string, number][] => {
    const path = `${above}${entry.name}`;
    return [[path, entry.rev], ...walk(drive, entry.entryId, `${path}/`)];
  });
}

describe('reading', () => {
  test('the tree at any seq is what the tree was then', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        const snapshots = new Map<number, [string, number][]>();
        const purges = new Set<number>();
        const drive = play(batches, realRule, (now, { done }) => {
          snapshots.set(now.drive.seq, walk(now));
          if (done.purged.length > 0) purges.add(now.drive.seq);
        });
        const lastPurge = Math.max(0, ...purges);
        for (const [seq, snapshot] of snapshots) {
          // What was purged is gone from the past too.
          if (seq < lastPurge) continue;
          const tree = [...treeAt(drive, seq)].map(([path, { rev }]): [string, number] => [path, rev]);
          expect(tree.toSorted(byKey)).toEqual(snapshot.toSorted(byKey));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('going down and going up name the same entries', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        const drive = play(batches, realRule, () => {});
        const up = [...drive.entries.keys()].map((entryId) => livePath(drive, entryId)?.join('/')).filter((path) => path !== undefined);
        expect(up.toSorted()).toEqual(
          walk(drive)
            .map(([path]) => path)
            .toSorted(),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('a reader who follows the journal page by page ends with the drive, whatever the size of its pages', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 7 }), (batches, limit) => {
        const drive = play(batches, realRule, () => {});
        const known = new Map<string, unknown>();
        for (let seq = 0; ;) {
          const page = changesAfter(drive, seq, limit);
          for (const { change, entry } of page) {
            expect(change.seq).toBe(seq + 1);
            seq = change.seq;
            if (entry === undefined) known.delete(change.entryId);
            else known.set(change.entryId, entry);
          }
          if (page.length < limit) break;
        }
        expect([...known].toSorted(byKey)).toEqual([...drive.entries].toSorted(byKey));
      }),
      { numRuns: 40 },
    );
  });
});

describe('sums', () => {
  test('of a folder are its own and those of its children, and of the root the ledger', () => {
    fc.assert(
      fc.property(histories, (batches) => {
        const drive = play(batches, realRule, () => {});
        const total = { files: 0, bytes: 0 };
        for (const child of drive.childrenOf(rootId)) {
          const { all } = sumSubtree(drive, child.entryId);
          total.files += all.files;
          total.bytes += all.bytes;
        }
        const { current, trash, history } = recount(drive);
        expect(total).toEqual({ files: current.files + trash.files, bytes: current.bytes + trash.bytes });
        expect(drive.drive.ledger).toEqual({ current, trash, history });
        for (const line of [current, trash, history]) expect(Math.min(line.files, line.bytes)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 60 },
    );
  });
});
