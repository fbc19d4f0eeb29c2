import { z } from 'zod';
import { driveIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';

export const listTrash = defineRoute({
  name: 'listTrash',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/trash',
  summary: 'What was deleted and can be put back, newest first; a folder stands for all below it',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  query: pageQuery(100, 1000),
  answer: pageOf(entry),
  errors: ['not_found'],
});
