import { z } from 'zod';
import { countField, tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

const body = z.object({ place: tenantIdField.optional() });
const errors = ['invalid_argument', 'unavailable'] as const;

export const recoverAuth = defineRoute({
  name: 'recoverAuth',
  service: 'auth',
  method: 'POST',
  path: '/admin/v1/auth/recovered',
  summary:
    'After the database was recovered to an earlier time: end all sessions of the next tenants; ask again with `place` until there is none',
  auth: 'admin',
  body,
  answer: z.object({
    /** Where the next call goes on; absent at the end. */
    place: tenantIdField.optional(),
    /** Those of this call. */
    tenants: z.array(tenantIdField),
    sessions: countField,
  }),
  errors,
});

export const recoverMetadata = defineRoute({
  name: 'recoverMetadata',
  service: 'metadata',
  method: 'POST',
  path: '/admin/v1/metadata/recovered',
  summary: 'After the database was recovered to an earlier time: give the drives of the next tenants new epochs; ask again with `place`',
  auth: 'admin',
  body,
  answer: z.object({
    /** Where the next call goes on; absent at the end. */
    place: tenantIdField.optional(),
    /** Those of this call. */
    tenants: z.array(tenantIdField),
    drives: countField,
  }),
  errors,
});
