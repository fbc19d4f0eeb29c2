import { z } from 'zod';
import { digestField, driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const fetchChunks = defineRoute({
  name: 'fetchChunks',
  service: 'upload',
  method: 'POST',
  path: '/v1/drives/:drive/chunks/fetch',
  summary: 'Read chunks and chunk-list segments as frames, in the order asked, as deltas where that is smaller',
  auth: 'user',
  readOnly: true,
  params: z.object({ drive: driveIdField }),
  body: z.object({
    digests: z.array(digestField).min(1).max(1000),
    /** Per digest, chunks the caller holds that it may be told against. */
    have: z.record(z.string(), z.array(digestField).max(4)).optional(),
  }),
  answer: { stream: 'frames' },
  errors: ['not_found', 'chunk_missing', 'content_damaged'],
});
