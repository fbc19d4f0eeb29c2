import { defineRoute } from '../../route.ts';
import { account } from './account.ts';

export const getMe = defineRoute({
  name: 'getMe',
  service: 'auth',
  method: 'GET',
  path: '/v1/me',
  summary: 'Who is signed in',
  auth: 'user',
  answer: account,
});
