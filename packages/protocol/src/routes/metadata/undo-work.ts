import { z } from 'zod';
import { cursorField, driveIdField, entryIdField, nameField, timeField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

/** What was done to an entry, or would be; `conflict` where some of the work on it stays, and why. */
export const undoneEntry = z.object({
  drive: driveIdField,
  entryId: entryIdField,
  name: nameField,
  did: z.array(z.enum(['removed', 'untrashed', 'moved', 'rewritten'])).max(4),
  conflict: z
    .enum([
      'changed_since',
      'history_gone',
      'in_trash',
      'not_empty',
      'purged',
      'moved_away',
      'name_taken',
      'not_found',
      'quota_exceeded',
      'chunk_missing',
      'revision_conflict',
      'refused',
    ])
    .optional(),
});
export type UndoneEntry = z.output<typeof undoneEntry>;

export const undoWork = defineRoute({
  name: 'undoWork',
  service: 'metadata',
  method: 'POST',
  path: '/v1/undo',
  summary: 'Undo what a device did since a time, by new revisions; what others did since stays. One page of it at a time',
  auth: 'user',
  body: z.object({
    /** A device, or a user for their sign-ins without one. */
    deviceId: uuidField,
    since: timeField,
    /** In this drive alone; otherwise in all that the caller may write to. */
    drive: driveIdField.optional(),
    /** Answers what would be done, and does nothing. */
    dryRun: z.boolean().default(false),
    /** Where the page before ended. Without one it begins anew, which is harmless: what is undone is not undone again. */
    cursor: cursorField.optional(),
  }),
  answer: z.object({ items: z.array(undoneEntry), nextCursor: cursorField.optional() }),
  errors: ['not_found', 'permission_denied'],
});
