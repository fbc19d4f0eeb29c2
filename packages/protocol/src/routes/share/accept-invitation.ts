import { z } from 'zod';
import { entryIdField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { driveInvitation } from './invitation.ts';

export const acceptInvitation = defineRoute({
  name: 'acceptInvitation',
  service: 'share',
  method: 'POST',
  path: '/v1/invitations/:invitation/accept',
  summary: 'Take the role that was offered; the drive is mounted in the home drive. Asking again changes nothing',
  auth: 'user',
  params: z.object({ invitation: uuidField }),
  answer: z.object({ invitation: driveInvitation, mount: entryIdField.optional() }),
  errors: ['not_found'],
});
