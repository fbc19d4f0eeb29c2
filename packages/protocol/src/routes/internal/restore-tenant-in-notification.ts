import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { restoreState, restoreStep, restoreStepBytes } from './tenant-rows.ts';

export const restoreTenantInNotification = defineRoute({
  name: 'restoreTenantInNotification',
  service: 'notification',
  method: 'POST',
  path: '/admin/v1/notification/tenants/:tenant/restore',
  summary: 'One step of restoring the rows of a suspended tenant in notification; safe to repeat',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: restoreStep,
  maxBodyBytes: restoreStepBytes,
  answer: restoreState,
  errors: ['already_exists', 'not_found', 'not_suspended', 'locked', 'tenant_erased'],
});
