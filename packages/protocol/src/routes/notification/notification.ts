import { z } from 'zod';
import { timeField, uuidField } from '../../fields.ts';

/** What people are told of. */
export const notificationKinds = [
  'invitation',
  'invitation_answered',
  'role',
  'link_used',
  'sign_in_ended',
  'device_held',
  'quota',
  'content_damaged',
  'webhook_disabled',
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** A message to a person in their inbox. `data` names what it is about, by ids, and is for programs; `text` is for people. */
export const notification = z.object({
  notificationId: uuidField,
  kind: z.enum(notificationKinds),
  text: z.string(),
  data: z.record(z.string(), z.string()),
  at: timeField,
  readAt: timeField.optional(),
});
export type Notification = z.output<typeof notification>;
