import { z } from 'zod';
import { deviceIdField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeUserDevice = defineRoute({
  name: 'removeUserDevice',
  service: 'auth',
  method: 'DELETE',
  path: '/v1/tenant/users/:user/devices/:device',
  summary: 'Remove a device of somebody of the tenant and end its sessions',
  auth: 'user',
  params: z.object({ user: userIdField, device: deviceIdField }),
  status: 204,
  errors: ['permission_denied', 'not_found'],
});
