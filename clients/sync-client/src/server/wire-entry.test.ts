import { expect, test } from '@jest/globals';
import { parseDriveId, parseEntryId } from '@driftbox/domain';
import { newId } from '@driftbox/testkit';
import { remoteChangeOf } from './wire-entry.ts';

test('what was deleted is gone from a drive, and so is what moved to another', () => {
  const entryId = newId(parseEntryId);
  expect(remoteChangeOf({ change: 'deleted', seq: 4, entryId }, new Map())).toEqual({ seq: 4, gone: entryId });
  const moved = { change: 'movedTo', seq: 5, entryId, drive: newId(parseDriveId), targetSeq: 9 } as const;
  expect(remoteChangeOf(moved, new Map())).toEqual({ seq: 5, gone: entryId });
});
