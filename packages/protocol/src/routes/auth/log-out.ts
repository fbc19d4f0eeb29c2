import { defineRoute } from '../../route.ts';

export const logOut = defineRoute({
  name: 'logOut',
  service: 'auth',
  method: 'POST',
  path: '/v1/logout',
  summary: 'End this session',
  auth: 'user',
  status: 204,
});
