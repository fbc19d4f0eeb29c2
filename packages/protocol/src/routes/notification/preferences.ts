import { z } from 'zod';
import { notificationKinds, type NotificationKind } from './notification.ts';

/** Ways by which a person is told. */
const channels = { inApp: z.boolean(), email: z.boolean() } as const;

function ofEveryKind<T extends z.ZodType>(field: T): Readonly<Record<NotificationKind, T>> {
  return Object.fromEntries(notificationKinds.map((kind) => [kind, field])) as Record<NotificationKind, T>;
}

/** A time of day, `22:30`. */
const clockField = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'is not a time such as 22:30');
const zoneField = z
  .string()
  .min(1)
  .max(64)
  .refine((zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone }).format(0);
      return true;
    } catch {
      return false;
    }
  }, 'is not a time zone such as Europe/Berlin');

const email = z.object({
  /** At once, which is within a minute, or gathered into one mail an hour or a day (at 08:00). */
  digest: z.enum(['off', 'hourly', 'daily']),
  /** When no mail is sent: what comes then waits for the end. */
  quiet: z.object({ from: clockField, to: clockField }).nullable(),
  timeZone: zoneField,
});

/** Of what a person is told, and how. */
export const preferences = z.object({ kinds: z.object(ofEveryKind(z.object(channels))), email });
export type Preferences = z.output<typeof preferences>;

/** A change of some of them; what is left out stays as it is. */
export const preferencesPatch = z.object({
  kinds: z.object(ofEveryKind(z.object(channels).partial().optional())).optional(),
  email: email.partial().optional(),
});
export type PreferencesPatch = z.output<typeof preferencesPatch>;
