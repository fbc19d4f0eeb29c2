import { z } from 'zod';
import { defineRoute } from '../../route.ts';
import { account } from './account.ts';

export const updateMe = defineRoute({
  name: 'updateMe',
  service: 'auth',
  method: 'PATCH',
  path: '/v1/me',
  summary: 'Change the display name',
  auth: 'user',
  body: z.object({ displayName: z.string().trim().min(1).max(100) }),
  answer: account,
});
