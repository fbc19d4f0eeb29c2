import { z } from 'zod';
import { driveIdField, nameField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { drive } from './drive.ts';

export const updateDrive = defineRoute({
  name: 'updateDrive',
  service: 'metadata',
  method: 'PATCH',
  path: '/v1/drives/:drive',
  summary: 'Rename a drive',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  body: z.object({ name: nameField }),
  answer: drive,
  errors: ['not_found', 'permission_denied'],
});
