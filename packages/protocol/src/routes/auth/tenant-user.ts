import { z } from 'zod';
import { emailField, tenantRoleField, timeField, userIdField } from '../../fields.ts';

/** A person of the tenant, as its administrators see them. */
export const tenantUser = z.object({
  userId: userIdField,
  email: emailField,
  emailVerified: z.boolean(),
  displayName: z.string(),
  role: tenantRoleField,
  status: z.enum(['active', 'suspended']),
  createdAt: timeField,
  /** When one of their devices last signed in. */
  lastSeenAt: timeField.optional(),
});
export type TenantUser = z.output<typeof tenantUser>;
