import { z } from 'zod';
import { sizeField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { userUsage } from './list-user-usage.ts';

export const setUserLimit = defineRoute({
  name: 'setUserLimit',
  service: 'metadata',
  method: 'PUT',
  path: '/v1/tenant/users/:user/limit',
  summary: 'Give somebody a limit of their own, or the one that the tenant has for each',
  auth: 'user',
  params: z.object({ user: userIdField }),
  /** `null`: the tenant's. Below what they hold already, nothing goes and nothing is added. The tenant's own limit holds beside it. */
  body: z.object({ limitBytes: sizeField.nullable() }),
  answer: userUsage,
  errors: ['permission_denied', 'not_found'],
});
