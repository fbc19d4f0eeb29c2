import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { appPassword } from './app-password.ts';

export const createAppPassword = defineRoute({
  name: 'createAppPassword',
  service: 'auth',
  method: 'POST',
  path: '/v1/app-passwords',
  summary: 'Create an app password; its secret is shown this once',
  auth: 'user',
  body: z.object({ name: z.string().trim().min(1).max(100), scope: z.enum(['read', 'write']).default('write') }),
  status: 201,
  answer: appPassword.extend({ secret: z.string() }),
});
