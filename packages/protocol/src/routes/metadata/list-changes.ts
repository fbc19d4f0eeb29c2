import { z } from 'zod';
import { cursorField, driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { change } from './entry.ts';

export const listChanges = defineRoute({
  name: 'listChanges',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/changes',
  summary: 'What changed after a cursor; without one, the newest state of everything there is',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  query: z.object({ after: cursorField.optional(), limit: z.coerce.number().int().min(1).max(10_000).default(1000) }),
  answer: z.object({
    changes: z.array(change),
    /** Where to go on; always present, also on an empty page. */
    nextCursor: cursorField,
    /** The newest seq of the drive when this page was read. */
    head: z.number().int().min(0),
    more: z.boolean(),
  }),
  errors: ['not_found', 'cursor_expired'],
});
