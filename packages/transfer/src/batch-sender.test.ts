import { expect, test } from '@jest/globals';
import { createClient, piecesOf, readBody } from '@driftbox/api-client';
import { parseDriveId, parseEntryId, parseName, parseUploadId, parseWriteId } from '@driftbox/domain';
import type { Drive, WireOutcome } from '@driftbox/protocol';
import { newId } from '@driftbox/testkit';
import { BatchSender } from './batch-sender.ts';
import type { SentOperation } from './sent-operation.ts';

type Commit = { readonly atomic: boolean; readonly operations: readonly SentOperation[] };

const drive = { drive: newId(parseDriveId), driveEpoch: newId(parseDriveId) } as unknown as Drive;

function makeFolder(name: string): SentOperation {
  const parsed = parseName(name);
  if (!parsed.ok) throw new TypeError(parsed.detail);
  return {
    op: 'createFolder',
    writeId: newId(parseWriteId),
    entryId: newId(parseEntryId),
    parentId: newId(parseEntryId),
    name: parsed.name,
  };
}

test('what belongs together is a commit of its own, all or nothing, between what came before and what comes after', async () => {
  const commits: Commit[] = [];
  const client = createClient({
    transport: async ({ body }) => {
      const commit = JSON.parse(Buffer.from(await readBody(piecesOf(body), 2 ** 20)).toString()) as Commit;
      commits.push(commit);
      const outcomes = commit.operations.map(() => ({ outcome: commit.atomic ? 'aborted' : 'locked' }));
      return { status: 200, headers: {}, body: piecesOf(Buffer.from(JSON.stringify({ seq: 1, outcomes }))) };
    },
  });
  const uploadId = async () => newId(parseUploadId);
  const sender = new BatchSender({ client, drive, uploadId, uploadOpen: () => false, sent: () => undefined });
  const [first, second, third, last] = ['a', 'b', 'c', 'd'].map(makeFolder) as [SentOperation, SentOperation, SentOperation, SentOperation];
  const told: WireOutcome['outcome'][] = [];
  const settle = ({ outcome }: WireOutcome) => void told.push(outcome);

  const before = await sender.commit(first, [], [], settle);
  const together = await sender.commitTogether(
    [second, third].map((operation) => ({ operation, settle })),
    [before],
  );
  await sender.commit(last, [], [together], settle);
  await sender.finish();

  expect(commits.map(({ atomic, operations }) => [atomic, operations.map(({ writeId }) => writeId)])).toEqual([
    [false, [first.writeId]],
    [true, [second.writeId, third.writeId]],
    [false, [last.writeId]],
  ]);
  expect(told).toEqual(['locked', 'aborted', 'aborted', 'locked']);
});
