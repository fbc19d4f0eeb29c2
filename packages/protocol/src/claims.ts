import { z } from 'zod';
import { deviceIdField, sessionIdField, tenantIdField, tenantRoleField, userIdField } from './fields.ts';

/** Claims of a user's access token (JWT, EdDSA, 15 minutes, audience `driftbox`). */
export const accessClaims = z.object({
  sub: userIdField,
  tid: tenantIdField,
  did: deviceIdField.optional(),
  sid: sessionIdField,
  role: tenantRoleField,
  /** `read` for app passwords that may not write. */
  scope: z.enum(['read', 'write']),
});
export type AccessClaims = z.output<typeof accessClaims>;

/** Claims of a service token (JWT, HS256 under the cell's service key, one minute, audience `driftbox-internal`). */
export const serviceClaims = z.object({
  /** Who calls: a service, or `admin` for the platform's administrator. */
  caller: z.enum(['auth', 'metadata', 'sync', 'upload', 'gateway', 'admin']),
  tid: tenantIdField.optional(),
  /** The user on whose behalf, where there is one. */
  act: accessClaims.omit({ tid: true }).optional(),
});
export type ServiceClaims = z.output<typeof serviceClaims>;
