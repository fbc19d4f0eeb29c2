import { z } from 'zod';
import { driveIdField, pageOf, pageQuery } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { driveInvitation } from './invitation.ts';

export const listInvitations = defineRoute({
  name: 'listInvitations',
  service: 'share',
  method: 'GET',
  path: '/v1/invitations',
  summary: 'Invitations to shared drives: those that wait for the caller, or those that the caller sent; all of a drive for its managers',
  auth: 'user',
  query: pageQuery(100, 1000).extend({ of: z.enum(['received', 'sent']).default('received'), drive: driveIdField.optional() }),
  answer: pageOf(driveInvitation),
  errors: ['permission_denied'],
});
