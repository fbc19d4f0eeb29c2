import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { appPassword } from './app-password.ts';

export const listAppPasswords = defineRoute({
  name: 'listAppPasswords',
  service: 'auth',
  method: 'GET',
  path: '/v1/app-passwords',
  summary: 'Passwords for WebDAV clients and scripts',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(appPassword),
});
