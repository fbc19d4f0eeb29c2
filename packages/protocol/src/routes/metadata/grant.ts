import { z } from 'zod';
import { roleField, timeField, userIdField } from '../../fields.ts';

/** A person's role on a drive, and who gave it when. */
export const grant = z.object({
  subject: userIdField,
  name: z.string(),
  email: z.string().optional(),
  role: roleField,
  grantedBy: userIdField,
  grantedAt: timeField,
});
export type Grant = z.output<typeof grant>;
