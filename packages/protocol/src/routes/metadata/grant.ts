import { z } from 'zod';
import { roleField, subjectIdField, timeField, userIdField } from '../../fields.ts';

/** A person's or group's role on a drive, and who gave it when. */
export const grant = z.object({
  subject: subjectIdField,
  kind: z.enum(['user', 'group']),
  name: z.string(),
  email: z.string().optional(),
  role: roleField,
  grantedBy: userIdField,
  grantedAt: timeField,
});
export type Grant = z.output<typeof grant>;
