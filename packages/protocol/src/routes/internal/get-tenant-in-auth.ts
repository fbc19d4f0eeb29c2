import { z } from 'zod';
import { countField, tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { tenantIntent } from './tenant-intent.ts';

export const getTenantInAuth = defineRoute({
  name: 'getTenantInAuth',
  service: 'auth',
  method: 'GET',
  path: '/admin/v1/auth/tenants/:tenant',
  summary: 'The intent for a tenant as this service keeps it, and how many people it has',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  answer: z.object({
    intent: tenantIntent,
    usage: z.object({ users: countField }),
  }),
  errors: ['not_found', 'tenant_erased'],
});

export const listTenantsInAuth = defineRoute({
  name: 'listTenantsInAuth',
  service: 'auth',
  method: 'GET',
  path: '/admin/v1/auth/tenants',
  summary: 'The tenants of the cell, by id; ask again with `place` until there is none',
  auth: 'admin',
  query: z.object({ place: tenantIdField.optional() }),
  answer: z.object({
    /** Where the next call goes on; absent at the end. */
    place: tenantIdField.optional(),
    tenants: z.array(tenantIdField),
  }),
  errors: ['invalid_argument', 'unavailable'],
});
