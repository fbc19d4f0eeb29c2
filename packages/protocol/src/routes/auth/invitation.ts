import { z } from 'zod';
import { emailField, tenantRoleField, timeField, uuidField } from '../../fields.ts';

/** An offer to join the tenant, as its administrators see it. */
export const invitation = z.object({
  invitationId: uuidField,
  email: emailField,
  role: tenantRoleField,
  createdAt: timeField,
  expiresAt: timeField,
});
