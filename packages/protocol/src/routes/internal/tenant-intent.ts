import { z } from 'zod';
import { emailField, sizeField, tenantIdField } from '../../fields.ts';

const rateField = z.number().int().min(1).max(1_000_000);

/** The whole intent for one tenant. Each service takes from it what it owns; metadata is the source of all limits. */
export const tenantIntent = z.object({
  tenantId: tenantIdField,
  name: z.string().trim().min(1).max(63),
  hosts: z.array(z.string().toLowerCase().max(253)).max(16),
  signUp: z.enum(['open', 'invite', 'closed']).default('invite'),
  suspended: z.boolean().default(false),
  /** Invited as owner when the tenant has no user yet. */
  firstAdministrator: z.object({ email: emailField.optional() }).optional(),
  limits: z
    .object({
      /** current + history + trash, in bytes. */
      logicalBytes: sizeField.default(Number.MAX_SAFE_INTEGER),
      userBytes: sizeField.default(Number.MAX_SAFE_INTEGER),
      fileBytes: sizeField.default(5 * 2 ** 40),
      files: sizeField.default(Number.MAX_SAFE_INTEGER),
      historyDays: z.number().int().min(0).max(3650).default(180),
      trashDays: z.number().int().min(0).max(3650).default(30),
      /** Requests with a sign-in, counted at the gateway: of the whole tenant, and of each user. A burst is what may come at once. */
      requestsPerSecond: rateField.default(2_000),
      requestBurst: rateField.default(4_000),
      userRequestsPerSecond: rateField.default(200),
      userRequestBurst: rateField.default(1_000),
    })
    .prefault({}),
});
export type TenantIntent = z.output<typeof tenantIntent>;
