import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const revokeInvitation = defineRoute({
  name: 'revokeInvitation',
  service: 'share',
  method: 'DELETE',
  path: '/v1/invitations/:invitation',
  summary: 'Take an offer back: for who made it, and for managers of the drive',
  auth: 'user',
  params: z.object({ invitation: uuidField }),
  status: 204,
  errors: ['not_found'],
});
