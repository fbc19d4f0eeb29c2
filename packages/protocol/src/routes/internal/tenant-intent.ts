import { defaultBrakePolicy } from '@driftbox/domain';
import { z } from 'zod';
import { countField, emailField, sizeField, tenantIdField } from '../../fields.ts';
import { issuerNameField, issuerTerms } from '../auth/issuer.ts';

const rateField = z.number().int().min(1).max(1_000_000);
const unlimited = Number.MAX_SAFE_INTEGER;

/** What a tenant may use. `egressBytesPerMonth` is kept, and binds nobody yet: nothing counts it. */
const tenantLimits = z.object({
  /** current + history + trash, in bytes. */
  logicalBytes: sizeField.default(unlimited),
  userBytes: sizeField.default(unlimited),
  fileBytes: sizeField.default(5 * 2 ** 40),
  files: countField.default(unlimited),
  /** People who can sign in; the one who signs up beyond it is refused. */
  users: countField.default(unlimited),
  historyDays: z.number().int().min(0).max(3650).default(180),
  trashDays: z.number().int().min(0).max(3650).default(30),
  /** Requests with a sign-in, counted at the gateway: of the whole tenant, and of each user. A burst is what may come at once. */
  requestsPerSecond: rateField.default(2_000),
  requestBurst: rateField.default(4_000),
  userRequestsPerSecond: rateField.default(200),
  userRequestBurst: rateField.default(1_000),
  /** Uploads open at once: from when one is first named until it is closed, or was not named for a day. */
  uploads: countField.default(unlimited),
  /** Sockets open at once, in each process of sync. */
  sockets: countField.default(unlimited),
  /** Links that have not ended. */
  links: countField.default(unlimited),
  egressBytesPerMonth: sizeField.default(unlimited),
});

/** What a tenant says of links for people without an account. It binds links that were made before, too, at their next use. */
export const linkPolicy = z.object({
  allowed: z.boolean().default(true),
  /** A link without a password opens nothing. */
  password: z.enum(['optional', 'required']).default('optional'),
  /** A link ends so long after it was made, whatever it says itself. */
  maxDays: z.number().int().min(1).max(3650).optional(),
});
export type LinkPolicy = z.output<typeof linkPolicy>;

/** An issuer that the platform's administrator sets; the tenant's own are beside it and stay. */
const issuerIntent = issuerTerms.extend({
  name: issuerNameField,
  /** Changes with the secret, which is never shown: whoever compares intents sees a new one by it. */
  secretVersion: z.string().max(128).optional(),
});

/**
 * When a device that deletes or rewrites improbably much is held: it may take the content of `files` files away in each drive
 * within a window, or of `percent` of the drive's files where that is more, but never of more than `mostFiles`.
 */
const brakePolicy = z
  .object({
    on: z.boolean().default(defaultBrakePolicy.on),
    files: z.number().int().min(1).max(1_000_000_000).default(defaultBrakePolicy.files),
    percent: z.number().int().min(1).max(100).default(defaultBrakePolicy.percent),
    mostFiles: z.number().int().min(1).max(1_000_000_000).default(defaultBrakePolicy.mostFiles),
    windowMinutes: z.number().int().min(1).max(1_440).default(defaultBrakePolicy.windowMinutes),
  })
  .refine(({ files, mostFiles }) => files <= mostFiles, 'files is at most mostFiles');

/**
 * The whole intent for one tenant: what it does not say is meant to be as by default. Each service keeps it and takes from
 * it what it owns.
 */
export const tenantIntent = z.object({
  tenantId: tenantIdField,
  /**
   * Grows with every change, by whatever the caller counts with. An intent older than the one kept is refused, so that those
   * that overtake each other end at the newest. One without is always taken, and leaves the number as it is.
   */
  generation: countField.optional(),
  name: z.string().trim().min(1).max(63),
  hosts: z.array(z.string().toLowerCase().max(253)).max(16),
  signUp: z.enum(['open', 'invite', 'closed']).default('invite'),
  /** Every request of the tenant is refused as `tenant_suspended` and its sockets end, within 5 s; nothing is lost. */
  suspended: z.boolean().default(false),
  /** Invited as owner while the tenant has no user. */
  firstAdministrator: z
    .object({
      email: emailField.optional(),
      /** The secret that invites, made by the caller: repeating it changes nothing. Without one each call makes another. Never kept. */
      invitation: z.string().min(32).max(512).optional(),
    })
    .optional(),
  /** Name of the Quota that its limits come from, which is the class that metrics count it in. */
  quota: z.string().min(1).max(63).optional(),
  limits: tenantLimits.prefault({}),
  linkPolicy: linkPolicy.prefault({}),
  brake: brakePolicy.prefault({}),
  issuers: z.array(issuerIntent).max(9).default([]),
});
export type TenantIntent = z.output<typeof tenantIntent>;

/** The intent as a service keeps and shows it: without the secrets. */
export function withoutSecrets({ firstAdministrator, issuers, ...rest }: TenantIntent): TenantIntent {
  const shown = { ...rest, issuers: issuers.map(({ clientSecret: _clientSecret, ...issuer }) => issuer) };
  if (firstAdministrator === undefined) return shown;
  const { invitation: _invitation, ...invited } = firstAdministrator;
  return { ...shown, firstAdministrator: invited };
}
