import { z } from 'zod';
import { driveIdField, uploadIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const releaseReservation = defineRoute({
  name: 'releaseReservation',
  service: 'metadata',
  method: 'DELETE',
  path: '/internal/v1/drives/:drive/reservations/:upload',
  summary: 'Give back what an upload reserved and did not commit; nothing to give back is fine',
  auth: 'service',
  params: z.object({ drive: driveIdField, upload: uploadIdField }),
  status: 204,
});
