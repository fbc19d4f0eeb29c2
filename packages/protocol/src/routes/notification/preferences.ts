import { z } from 'zod';
import { notificationKinds, type NotificationKind } from './notification.ts';

/** Ways by which a person is told. */
const channels = { inApp: z.boolean() } as const;

function ofEveryKind<T extends z.ZodType>(field: T): Readonly<Record<NotificationKind, T>> {
  return Object.fromEntries(notificationKinds.map((kind) => [kind, field])) as Record<NotificationKind, T>;
}

/** Of what a person is told, and how. */
export const preferences = z.object({ kinds: z.object(ofEveryKind(z.object(channels))) });
export type Preferences = z.output<typeof preferences>;

/** A change of some of them; what is left out stays as it is. */
export const preferencesPatch = z.object({
  kinds: z.object(ofEveryKind(z.object(channels).partial().optional())).optional(),
});
export type PreferencesPatch = z.output<typeof preferencesPatch>;
