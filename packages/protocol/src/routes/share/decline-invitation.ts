import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const declineInvitation = defineRoute({
  name: 'declineInvitation',
  service: 'share',
  method: 'POST',
  path: '/v1/invitations/:invitation/decline',
  summary: 'Refuse what was offered',
  auth: 'user',
  params: z.object({ invitation: uuidField }),
  status: 204,
  errors: ['not_found'],
});
