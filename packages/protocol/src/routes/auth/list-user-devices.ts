import { z } from 'zod';
import { pageOf, pageQuery, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { signedInDevice } from './list-devices.ts';

export const listUserDevices = defineRoute({
  name: 'listUserDevices',
  service: 'auth',
  method: 'GET',
  path: '/v1/tenant/users/:user/devices',
  summary: 'The devices of somebody of the tenant, for its administrators',
  auth: 'user',
  params: z.object({ user: userIdField }),
  query: pageQuery(100, 1000),
  answer: pageOf(signedInDevice),
  errors: ['permission_denied', 'not_found'],
});
