import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { restoreState, restoreStep, restoreStepBytes } from './tenant-rows.ts';

export const restoreTenantInAuth = defineRoute({
  name: 'restoreTenantInAuth',
  service: 'auth',
  method: 'POST',
  path: '/admin/v1/auth/tenants/:tenant/restore',
  summary: 'One step of restoring the rows of a suspended tenant in auth; safe to repeat',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: restoreStep,
  maxBodyBytes: restoreStepBytes,
  answer: restoreState,
  errors: ['already_exists', 'not_found', 'not_suspended', 'locked', 'tenant_erased'],
});
