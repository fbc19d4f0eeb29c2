import { z } from 'zod';
import { driveIdField, sizeField, timeField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const reserveBytes = defineRoute({
  name: 'reserveBytes',
  service: 'metadata',
  method: 'PUT',
  path: '/internal/v1/drives/:drive/reservations/:upload',
  summary: 'Reserve, or extend the reservation of, the bytes an upload will commit; checks write access too',
  auth: 'service',
  params: z.object({ drive: driveIdField, upload: uploadIdField }),
  body: z.object({ sizeBytes: sizeField, expiresAt: timeField }),
  status: 204,
  errors: ['not_found', 'permission_denied', 'quota_exceeded', 'too_large'],
});
