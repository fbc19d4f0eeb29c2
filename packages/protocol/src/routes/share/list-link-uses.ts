import { z } from 'zod';
import { entryIdField, pageOf, pageQuery, timeField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const listLinkUses = defineRoute({
  name: 'listLinkUses',
  service: 'share',
  method: 'GET',
  path: '/v1/links/:link/uses',
  summary: 'What was downloaded and uploaded through a link, newest first; kept for 90 days',
  auth: 'user',
  params: z.object({ link: uuidField }),
  query: pageQuery(100, 1000),
  answer: pageOf(
    z.object({
      useId: uuidField,
      kind: z.enum(['download', 'archive', 'upload']),
      at: timeField,
      entryId: entryIdField,
      /** Of the file or folder when it was used. */
      name: z.string(),
      address: z.string(),
    }),
  ),
  errors: ['not_found'],
});
