import { z } from 'zod';

const channels = z.object({ inApp: z.boolean(), email: z.boolean() });
const kinds = {
  invitation: channels,
  invitation_answered: channels,
  role: channels,
  link_used: channels,
  webhook_disabled: channels,
} as const;

/** A time of day, `22:30`. */
const clockField = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'is not a time such as 22:30');
const zoneField = z
  .string()
  .max(64)
  .refine((zone) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
    } catch {
      return false;
    }
  }, 'is not a time zone such as Europe/Berlin');

const email = z.object({
  /** At once, or gathered into one mail an hour or a day (at 08:00). */
  digest: z.enum(['off', 'hourly', 'daily']),
  /** When no mail is sent: what comes then waits for the end. */
  quiet: z.object({ from: clockField, to: clockField }).nullable(),
  timeZone: zoneField,
});

/** Of what a person is told, and how. */
export const preferences = z.object({ kinds: z.object(kinds), email });
export type Preferences = z.output<typeof preferences>;

/** A change of some of them; what is left out stays as it is. */
export const preferencesPatch = z.object({
  kinds: z
    .object({
      invitation: channels.partial().optional(),
      invitation_answered: channels.partial().optional(),
      role: channels.partial().optional(),
      link_used: channels.partial().optional(),
      webhook_disabled: channels.partial().optional(),
    })
    .optional(),
  email: email.partial().optional(),
});
export type PreferencesPatch = z.output<typeof preferencesPatch>;
