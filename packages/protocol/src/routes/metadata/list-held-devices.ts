import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { heldDevice } from './brake.ts';

export const listHeldDevices = defineRoute({
  name: 'listHeldDevices',
  service: 'metadata',
  method: 'GET',
  path: '/v1/brake/devices',
  summary: 'Devices that the brake holds: your own, or all of the tenant for who administers it',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(heldDevice),
});
