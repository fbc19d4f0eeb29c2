import { z } from 'zod';
import { driveIdField, entryIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { link } from './link.ts';

export const listLinks = defineRoute({
  name: 'listLinks',
  service: 'share',
  method: 'GET',
  path: '/v1/links',
  summary: "Links that have not been revoked, oldest first: one's own, or everybody's for administrators and for managers of the drive",
  auth: 'user',
  query: pageQuery(100, 500).extend({
    drive: driveIdField.optional(),
    entry: entryIdField.optional(),
    of: z.enum(['me', 'everybody']).default('me'),
  }),
  answer: pageOf(link),
  errors: ['permission_denied', 'not_found'],
});
