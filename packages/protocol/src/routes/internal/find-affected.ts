import { z } from 'zod';
import { digestField, driveIdField, entryIdField, revField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

/** A revision of a file that consists of a chunk, among others. */
export const affectedRevision = z.object({
  digest: digestField,
  drive: driveIdField,
  owner: userIdField,
  entryId: entryIdField,
  rev: revField,
  name: z.string(),
});

export const findAffected = defineRoute({
  name: 'findAffected',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/references/revisions',
  summary: 'Which retained revisions reference these chunks? At most 1,000 of them',
  auth: 'service',
  body: z.object({ digests: z.array(digestField).max(1_000) }),
  answer: z.object({ revisions: z.array(affectedRevision) }),
});
