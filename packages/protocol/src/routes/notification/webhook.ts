import { z } from 'zod';
import { countField, driveIdField, timeField, userIdField, uuidField } from '../../fields.ts';

/** Types of events that a webhook wants: whole types or a family, `link.used` or `files.*`, or `*` for all. */
export const eventTypesField = z
  .array(
    z
      .string()
      .max(64)
      .regex(/^(\*|[a-z]+\.(\*|[a-z_]+))$/, 'is not a type of event such as link.used or files.*'),
  )
  .min(1)
  .max(50);

export const webhookUrlField = z
  .string()
  .max(2048)
  .pipe(z.url({ protocol: /^https?$/ }))
  .refine((url) => !URL.canParse(url) || new URL(url).username === '', 'holds a user name or password: check the signature instead');

/** An address that events are sent to. */
export const webhook = z.object({
  webhookId: uuidField,
  url: z.string(),
  /** What its owner is told themselves, the events of one drive, or all of the tenant. */
  scope: z.enum(['own', 'drive', 'tenant']),
  drive: driveIdField.optional(),
  types: z.array(z.string()),
  /** `disabled` by its failing for a day, or by its owner's losing the drive; `paused` by people. What happens then is not sent. */
  state: z.enum(['active', 'paused', 'disabled']),
  owner: userIdField,
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
  deliveredAt: timeField.optional(),
  /** The status that was answered last, or why there was none. */
  lastStatus: z.number().int().optional(),
  lastError: z.string().optional(),
});
export type Delivery = z.output<typeof delivery>;
