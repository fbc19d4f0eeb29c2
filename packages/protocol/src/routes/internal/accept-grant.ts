import { z } from 'zod';
import { driveIdField, entryIdField, userIdField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { invitedRoleField } from '../share/invitation.ts';

export const acceptGrant = defineRoute({
  name: 'acceptGrant',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/:drive/accepted-grants',
  summary: 'Give the acting user the role that an invitation offers, if who offered it still may, and mount the drive in their home',
  auth: 'service',
  params: z.object({ drive: driveIdField }),
  body: z.object({ invitation: uuidField, role: invitedRoleField, owner: userIdField.describe('who offered it') }),
  answer: z.object({ entryId: entryIdField.optional().describe('the mount, where one was made') }),
  errors: ['not_found'],
});
