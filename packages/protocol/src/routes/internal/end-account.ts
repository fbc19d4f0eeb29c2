import { z } from 'zod';
import { userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const endAccount = defineRoute({
  name: 'endAccount',
  service: 'auth',
  method: 'POST',
  path: '/internal/v1/users/:user/end',
  summary: 'End a person\u2019s account, if the acting user may: sessions, devices, app passwords and identities go with it',
  auth: 'service',
  params: z.object({ user: userIdField }),
  /** `heir` takes over what they own: somebody who may own a drive. */
  body: z.object({ heir: userIdField.optional(), dryRun: z.boolean() }),
  /** `known`: there was an account, which has ended, or would have. */
  answer: z.object({ known: z.boolean() }),
  errors: ['permission_denied', 'not_found'],
});
