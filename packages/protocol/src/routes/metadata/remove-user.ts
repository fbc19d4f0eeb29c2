import { z } from 'zod';
import { countField, driveIdField, sizeField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

/** A drive of somebody who is to be removed, and how many other people and groups have a role on it. */
export const ownedDrive = z.object({
  drive: driveIdField,
  name: z.string(),
  kind: z.enum(['home', 'shared']),
  sizeBytes: sizeField,
  others: countField,
});
export type OwnedDrive = z.output<typeof ownedDrive>;

export const removeUser = defineRoute({
  name: 'removeUser',
  service: 'metadata',
  method: 'POST',
  path: '/v1/tenant/users/:user/removal',
  summary: 'Remove somebody from the tenant; what they own goes to whom it is handed over to. Asking again goes on where it stopped',
  auth: 'user',
  params: z.object({ user: userIdField }),
  /** Without somebody to take over it is refused (`locked`, reason `owns_shared`) while they own what others share. */
  body: z.object({ handOverTo: userIdField.optional(), dryRun: z.boolean().default(false) }),
  answer: z.object({
    user: userIdField,
    handOverTo: userIdField.optional(),
    /** What they own, or owned when this was asked: at most 1,000. */
    drives: z.array(ownedDrive),
    /** False for a dry run, and while there is work left, which goes on by itself. */
    done: z.boolean(),
  }),
  errors: ['permission_denied', 'not_found', 'locked', 'quota_exceeded'],
});
