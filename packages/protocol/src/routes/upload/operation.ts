import { z } from 'zod';
import { chunkRef } from '../metadata/entry.ts';
import {
  digestField,
  driveIdField,
  entryIdField,
  nameField,
  revField,
  seqField,
  sizeField,
  timeField,
  writeIdField,
} from '../../fields.ts';

const onEntry = { writeId: writeIdField, entryId: entryIdField };
const placed = { parentId: entryIdField, name: nameField };
const maybePlaced = { parentId: entryIdField.optional(), name: nameField.optional() };
/** `null`: the entry does not exist yet; then `parentId` and `name` are required. */
const baseRev = revField.nullable();

/** A long chunk list told by what changed against one that a retained revision of this drive has. */
export const chunkListDelta = z.object({
  baseListId: digestField,
  /** In ascending, non-overlapping positions of the base list. */
  splices: z.array(z.object({ at: seqField, remove: seqField, insert: z.array(chunkRef).max(10_000) })).max(10_000),
  resultListId: digestField,
});

const file = {
  ...onEntry,
  ...maybePlaced,
  op: z.literal('putFile'),
  sizeBytes: sizeField,
  mtime: timeField,
  executable: z.boolean().optional(),
  baseRev,
};

/** The operations that say the same to the upload service and to metadata. */
const plainOperations = [
  z.object({ op: z.literal('createFolder'), ...onEntry, ...placed }),
  z.object({ op: z.literal('putSymlink'), ...onEntry, ...maybePlaced, target: z.string().min(1).max(4096), mtime: timeField, baseRev }),
  z.object({ op: z.literal('putMount'), ...onEntry, ...placed, drive: driveIdField }),
  z.object({
    op: z.literal('setAttributes'),
    ...onEntry,
    baseRev: revField,
    mtime: timeField.optional(),
    executable: z.boolean().optional(),
  }),
  z.object({ op: z.literal('copy'), ...onEntry, ...placed, from: z.object({ drive: driveIdField, entryId: entryIdField, rev: revField }) }),
  z.object({ op: z.literal('move'), ...onEntry, ...placed, baseRev: revField, toDrive: driveIdField.optional() }),
  z.object({ op: z.literal('delete'), ...onEntry, baseRev: revField, seenSeq: seqField }),
  z.object({ op: z.literal('untrash'), ...onEntry, ...maybePlaced }),
  z.object({ op: z.literal('restoreRevision'), ...onEntry, rev: revField }),
  z.object({ op: z.literal('purge'), ...onEntry }),
] as const;

/** One operation as clients send it: a file's content is one of `chunkList`, `listId`, `chunkListDelta`. */
export const operation = z.discriminatedUnion('op', [
  z
    .object({
      ...file,
      chunkList: z.array(chunkRef).max(64).optional(),
      listId: digestField.optional(),
      chunkListDelta: chunkListDelta.optional(),
    })
    .refine(
      (o) => [o.chunkList, o.listId, o.chunkListDelta].filter((c) => c !== undefined).length === 1,
      'needs exactly one of chunkList, listId, chunkListDelta',
    ),
  ...plainOperations,
]);
export type WireOperation = z.output<typeof operation>;

/** One operation as upload forwards it to metadata, its content checked and resolved. */
export const checkedOperation = z.discriminatedUnion('op', [
  z.object({ ...file, listId: digestField, chunkList: z.array(chunkRef).max(64).optional() }),
  ...plainOperations,
]);
export type CheckedOperation = z.output<typeof checkedOperation>;

/** What became of each operation, in the order sent. */
export const outcome = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('committed'), entryId: entryIdField, rev: revField, seq: revField }),
  z.object({
    outcome: z.literal('revision_conflict'),
    current: z.object({ rev: revField, seq: revField, deleted: z.boolean() }).optional(),
    entries: z.array(entryIdField).optional(),
  }),
  z.object({ outcome: z.literal('name_taken'), entryId: entryIdField }),
  z.object({ outcome: z.literal('chunk_missing'), digests: z.array(digestField) }),
  z.discriminatedUnion('limit', [
    z.object({
      outcome: z.literal('quota_exceeded'),
      limit: z.enum(['drive', 'user', 'tenant', 'file']),
      limitBytes: sizeField,
      usedBytes: sizeField,
    }),
    z.object({ outcome: z.literal('quota_exceeded'), limit: z.literal('files'), limitFiles: sizeField, usedFiles: sizeField }),
  ]),
  z.object({ outcome: z.literal('moved'), drive: driveIdField }),
  z.object({ outcome: z.literal('invalid_argument'), detail: z.string() }),
  z.object({ outcome: z.enum(['permission_denied', 'not_found', 'already_exists', 'locked', 'too_large', 'aborted']) }),
]);
export type WireOutcome = z.output<typeof outcome>;

/** The answer to a commit; `seq` is the drive's newest place in the journal after it. */
export const commitAnswer = z.object({ outcomes: z.array(outcome), seq: seqField });
export type CommitAnswer = z.output<typeof commitAnswer>;

/** Most operations of one commit. */
export const maxCommitOperations = 1000;
