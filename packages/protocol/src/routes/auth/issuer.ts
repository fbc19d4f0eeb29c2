import { z } from 'zod';
import { timeField } from '../../fields.ts';

/** Name of an issuer, as it stands in the addresses of sign-in. */
export const issuerNameField = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'is not a name of lower-case letters, digits and dashes');

/**
 * An OpenID provider by which people of a tenant sign in (OpenID Connect Core 1.0), as it is asked for. `clientSecret` is never
 * shown again; left out it stays as it was, and where there was none the client is a public one, held by PKCE alone.
 */
export const issuerTerms = z.object({
  displayName: z.string().trim().min(1).max(63).optional(),
  /** Its identifier, below which `/.well-known/openid-configuration` lies. Only `https`, unless the cell's operator allows its host. */
  issuer: z.url({ protocol: /^https?$/ }).max(512),
  clientId: z.string().min(1).max(256),
  clientSecret: z.string().min(1).max(1024).optional(),
  /** Hosted domains (the `hd` claim of Google Workspace) whose people may sign in; anybody at the issuer if absent. */
  domains: z.array(z.string().toLowerCase().min(1).max(253)).min(1).max(16).optional(),
});
export type IssuerTerms = z.output<typeof issuerTerms>;

/** An issuer as the tenant's administrators see it. */
export const issuerView = issuerTerms.omit({ clientSecret: true }).extend({
  name: issuerNameField,
  hasSecret: z.boolean(),
  /** True for what the platform's administrator set: it is changed there alone. */
  managed: z.boolean(),
  updatedAt: timeField,
});
export type IssuerView = z.output<typeof issuerView>;

/** What a sign-in page offers. */
export const signInWay = z.object({ name: issuerNameField, displayName: z.string() });
