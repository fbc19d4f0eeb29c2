import { z } from 'zod';
import { emailField, tenantIdField, timeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const exchangeAppPassword = defineRoute({
  name: 'exchangeAppPassword',
  service: 'auth',
  method: 'POST',
  path: '/internal/v1/app-passwords/exchange',
  summary: 'Exchange Basic credentials for a short access token',
  auth: 'service',
  body: z.object({ tenantId: tenantIdField, email: emailField, password: z.string().min(1).max(512), address: z.string().max(100) }),
  answer: z.object({ accessToken: z.string(), expiresAt: timeField }),
  errors: ['unauthenticated', 'tenant_suspended'],
});
