import { pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { invitation } from './invitation.ts';

export const listUserInvitations = defineRoute({
  name: 'listUserInvitations',
  service: 'auth',
  method: 'GET',
  path: '/v1/tenant/invitations',
  summary: 'Open invitations to this tenant',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(invitation),
  errors: ['permission_denied'],
});
