import { z } from 'zod';
import { driveIdField, entryIdField, revField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const resolveForWrite = defineRoute({
  name: 'resolveForWrite',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/resolve-for-write',
  summary: 'Where a path would be written: its parent, and the entry there now if any',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  /** The path begins at `below`, for who may write that, or at the root. */
  body: z.object({ path: z.string().min(1).max(33_000), below: entryIdField.optional() }),
  answer: z.object({
    driveEpoch: uuidField,
    parentId: entryIdField,
    name: z.string(),
    entry: z.object({ entryId: entryIdField, kind: z.enum(['file', 'folder', 'symlink', 'mount']), rev: revField }).optional(),
  }),
  errors: ['not_found', 'moved', 'permission_denied'],
});
