import { z } from 'zod';
import {
  deviceIdField,
  driveIdField,
  entryIdField,
  linkRoleField,
  sessionIdField,
  tenantIdField,
  tenantRoleField,
  userIdField,
  uuidField,
} from './fields.ts';

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

/**
 * What a call is confined to that somebody makes who only holds a link: what is at or below this entry. `act` names the link's
 * creator, under whose authority it stands; its session is the link.
 */
export const linkClaims = z.object({ linkId: uuidField, drive: driveIdField, entry: entryIdField, role: linkRoleField });
export type LinkClaims = z.output<typeof linkClaims>;

/** Claims of a service token (JWT, HS256 under the cell's service key, one minute, audience `driftbox-internal`). */
export const serviceClaims = z.object({
  /** Who calls: a service, or `admin` for the platform's administrator. */
  caller: z.enum(['auth', 'metadata', 'sync', 'upload', 'share', 'notification', 'gateway', 'admin']),
  tid: tenantIdField.optional(),
  /** The user on whose behalf, where there is one. */
  act: accessClaims.omit({ tid: true }).optional(),
  link: linkClaims.optional(),
});
export type ServiceClaims = z.output<typeof serviceClaims>;
