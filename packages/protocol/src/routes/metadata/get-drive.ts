import { z } from 'zod';
import { driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { drive } from './drive.ts';

export const getDrive = defineRoute({
  name: 'getDrive',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive',
  summary: 'One drive',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  answer: drive,
  errors: ['not_found'],
});
