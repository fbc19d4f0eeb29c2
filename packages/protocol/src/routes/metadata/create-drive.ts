import { z } from 'zod';
import { nameField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { drive } from './drive.ts';

export const createDrive = defineRoute({
  name: 'createDrive',
  service: 'metadata',
  method: 'POST',
  path: '/v1/drives',
  summary: 'Create an empty drive owned by the caller',
  auth: 'user',
  body: z.object({ name: nameField }),
  status: 201,
  answer: drive,
  errors: ['permission_denied'],
});
