import { z } from 'zod';
import { entryIdField, revField, sizeField, timeField } from '../../fields.ts';

/** An entry as whoever holds a link may know it. The folder of a whole drive has no `rev`. */
export const linkedEntry = z.object({
  entryId: entryIdField,
  kind: z.enum(['file', 'folder']),
  name: z.string(),
  rev: revField.optional(),
  sizeBytes: sizeField.optional(),
  mtime: timeField.optional(),
  modifiedAt: timeField.optional(),
});
export type LinkedEntry = z.output<typeof linkedEntry>;
