import { z } from 'zod';
import { countField, driveIdField, timeField, userIdField, uuidField } from '../../fields.ts';

/** Types of events that a webhook wants: whole types or a family, `file.*`, `link.used`, or `*` for all. */
export const eventTypesField = z
  .array(z.string().regex(/^(\*|[a-z]+\.(\*|[a-z]+))$/, 'is not a type of event such as link.used or file.*'))
  .min(1)
  .max(50);
export const webhookUrlField = z.string().max(2048).pipe(z.url({ protocol: /^https?$/ }));

/** An address that events are sent to. */
export const webhook = z.object({
  webhookId: uuidField,
  url: z.string(),
  /** The drive whose events it gets; without one the whole tenant's. */
  drive: driveIdField.optional(),
  types: z.array(z.string()),
  /** `disabled` by its failing for a day, `paused` by people: what came before waits, what comes then is not sent. */
  state: z.enum(['active', 'paused', 'disabled']),
  createdBy: userIdField,
  createdAt: timeField,
  /** Since when nothing arrives. */
  failingSince: timeField.optional(),
  /** Deliveries that wait. */
  waiting: countField,
});
export type Webhook = z.output<typeof webhook>;

/** The same with its secret, which is shown when it is made or replaced and never again. */
export const webhookWithSecret = webhook.extend({ secret: z.string() });

/** One event on its way to a webhook. */
export const delivery = z.object({
  deliveryId: uuidField,
  eventId: z.string(),
  type: z.string(),
  state: z.enum(['waiting', 'delivered', 'dropped']),
  attempts: countField,
  createdAt: timeField,
  nextAttemptAt: timeField.optional(),
  deliveredAt: timeField.optional(),
  /** The status that was answered last, or why there was none. */
  lastStatus: z.number().int().optional(),
  lastError: z.string().optional(),
});
export type Delivery = z.output<typeof delivery>;
