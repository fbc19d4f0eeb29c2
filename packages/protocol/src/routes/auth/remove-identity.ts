import { z } from 'zod';
import { uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const removeIdentity = defineRoute({
  name: 'removeIdentity',
  service: 'auth',
  method: 'DELETE',
  path: '/v1/me/identities/:identity',
  summary: 'Let somebody at an issuer sign in as this user no longer',
  auth: 'user',
  params: z.object({ identity: uuidField }),
  status: 204,
  errors: ['not_found'],
});
