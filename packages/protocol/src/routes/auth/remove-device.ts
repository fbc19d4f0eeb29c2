import { z } from 'zod';
import { deviceIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeDevice = defineRoute({
  name: 'removeDevice',
  service: 'auth',
  method: 'DELETE',
  path: '/v1/devices/:device',
  summary: 'Remove a device and end its sessions',
  auth: 'user',
  params: z.object({ device: deviceIdField }),
  status: 204,
  errors: ['not_found'],
});
