import { z } from 'zod';
import { driveIdField, subjectIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { grant } from './grant.ts';

export const getGrant = defineRoute({
  name: 'getGrant',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/grants/:subject',
  summary: 'The role of a person on a drive',
  auth: 'user',
  params: z.object({ drive: driveIdField, subject: subjectIdField }),
  answer: grant,
  errors: ['not_found'],
});
