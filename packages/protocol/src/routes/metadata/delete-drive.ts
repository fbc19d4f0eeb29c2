import { z } from 'zod';
import { driveIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const deleteDrive = defineRoute({
  name: 'deleteDrive',
  service: 'metadata',
  method: 'DELETE',
  path: '/v1/drives/:drive',
  summary: "End a shared drive for everybody; what was in it is in its owner's trash, and comes back from there as a folder",
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  status: 204,
  errors: ['not_found', 'permission_denied', 'revision_conflict', 'name_taken', 'too_large', 'quota_exceeded', 'locked'],
});
