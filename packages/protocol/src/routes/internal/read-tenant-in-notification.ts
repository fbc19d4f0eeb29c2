import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readTenantInNotification = defineRoute({
  name: 'readTenantInNotification',
  service: 'notification',
  method: 'GET',
  path: '/admin/v1/notification/tenants/:tenant/rows',
  summary: 'What a backup keeps of a tenant in notification, from one snapshot: lines of JSON, the last with the number of rows',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: { stream: 'bytes' },
});
