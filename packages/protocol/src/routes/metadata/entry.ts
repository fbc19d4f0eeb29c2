import { z } from 'zod';
import {
  deviceIdField,
  digestField,
  driveIdField,
  entryIdField,
  revField,
  seqField,
  sizeField,
  timeField,
  userIdField,
} from '../../fields.ts';

/** One chunk of a file: its SHA-256 and plain size. */
export const chunkRef = z.object({
  digest: digestField,
  sizeBytes: z
    .number()
    .int()
    .min(1)
    .max(8 * 2 ** 20),
});

/** What every kind of entry has. `rev` counts this entry's revisions, `seq` is its last change's place in the journal. */
const common = {
  entryId: entryIdField,
  drive: driveIdField,
  parentId: entryIdField,
  name: z.string(),
  rev: revField,
  seq: seqField,
  /** When the server recorded this revision, and for whom and which device. */
  modifiedAt: timeField,
  modifiedBy: userIdField,
  device: deviceIdField.optional(),
  /** Set while the entry itself lies in the trash. */
  trashedAt: timeField.optional(),
};

/** An entry as clients see it. A file's chunk list comes inline up to 64 chunks, beyond that only its `listId`. */
export const entry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), ...common }),
  z.object({
    kind: z.literal('file'),
    ...common,
    sizeBytes: sizeField,
    mtime: timeField,
    executable: z.boolean(),
    listId: digestField,
    chunks: z.array(chunkRef).max(64).optional(),
  }),
  z.object({ kind: z.literal('symlink'), ...common, target: z.string(), mtime: timeField }),
  z.object({ kind: z.literal('mount'), ...common, mountedDrive: driveIdField }),
]);
export type Entry = z.output<typeof entry>;

/** What a drive's past still shows of an entry that left it in the change `seq`: where it stood, and where it went if one may know. */
const departed = z.object({
  kind: z.literal('departed'),
  entryId: entryIdField,
  drive: driveIdField,
  parentId: entryIdField,
  name: z.string(),
  seq: revField,
  movedTo: z.object({ drive: driveIdField, seq: seqField }).optional(),
});
/** An entry as it was. */
export const pastEntry = z.union([entry, departed]);
export type PastEntry = z.output<typeof pastEntry>;

/** One line of a drive's journal: the whole new state of an entry, its end, or where it went. */
export const change = z.discriminatedUnion('change', [
  z.object({ change: z.literal('put'), seq: revField, entry }),
  z.object({ change: z.literal('deleted'), seq: revField, entryId: entryIdField }),
  z.object({ change: z.literal('movedTo'), seq: revField, entryId: entryIdField, drive: driveIdField, targetSeq: seqField }),
]);
export type Change = z.output<typeof change>;
