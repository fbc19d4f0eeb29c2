import { z } from 'zod';
import { deviceIdField, emailField, tenantIdField, tenantRoleField, timeField, userIdField } from '../../fields.ts';

/** The signed-in person as they see themselves. */
export const account = z.object({
  userId: userIdField,
  tenantId: tenantIdField,
  email: emailField,
  emailVerified: z.boolean(),
  displayName: z.string(),
  role: tenantRoleField,
  createdAt: timeField,
});
export type Account = z.output<typeof account>;

/** How a client introduces the device that signs in; with `deviceId` it is the same device as before. */
export const deviceIntroduction = z.object({
  deviceId: deviceIdField.optional(),
  name: z.string().trim().min(1).max(100),
  kind: z.enum(['cli', 'desktop', 'web', 'webdav', 'other']),
});

/** What a sign-in answers. The access token is a JWT; the refresh token works once and is replaced by each refresh. */
export const signedIn = z.object({
  accessToken: z.string(),
  expiresAt: timeField,
  refreshToken: z.string(),
  refreshExpiresAt: timeField,
  deviceId: deviceIdField,
  account,
});
export type SignedIn = z.output<typeof signedIn>;
