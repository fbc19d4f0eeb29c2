import { z } from 'zod';
import { tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

export const readTenantInNotification = defineRoute({
  name: 'readTenantInNotification',
  service: 'notification',
  method: 'GET',
  path: '/admin/v1/notification/tenants/:tenant/rows',
  summary: 'All that a backup keeps of a tenant in notification, as it is at one moment: lines of JSON, the last one says how many rows there were',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: { stream: 'bytes' },
});
