import { parseUserId, type UserId } from '@driftbox/domain';
import type { CloudEvent } from '@driftbox/event-bus';
import { driveIdField, roleField, userIdField, uuidField, type NotificationKind } from '@driftbox/protocol';
import { z } from 'zod';

/** What an event means to people. `data` is text by name: what the notification's own text is made of, and ids for programs. */
export type Told = {
  readonly kind: NotificationKind;
  readonly people: readonly UserId[];
  readonly data: Readonly<Record<string, string>>;
};

const offer = { invitationId: uuidField, drive: driveIdField, driveName: z.string(), role: roleField, inviter: userIdField };
const invited = z.object({ ...offer, inviterName: z.string(), invitee: userIdField.optional() });
const answered = z.object({ ...offer, by: userIdField, email: z.string().optional() });
const granted = z.object({
  drive: driveIdField,
  driveName: z.string(),
  role: roleField.nullable(),
  people: z.array(z.string()),
  by: userIdField,
});
const letIn = granted.omit({ driveName: true }).extend({ entryId: uuidField, entryName: z.string() });
const used = z.object({
  linkId: uuidField,
  drive: driveIdField,
  creator: userIdField,
  use: z.string(),
  usedEntry: uuidField,
  notify: z.boolean(),
});
const held = z.object({ device: uuidField, drive: driveIdField, people: z.array(userIdField), files: z.number(), since: z.string() });
const full = z.object({
  drive: driveIdField,
  limit: z.enum(['user', 'tenant']),
  percent: z.number(),
  limitBytes: z.number(),
  people: z.array(userIdField),
});
const damaged = z.object({ drive: driveIdField, entryId: uuidField, name: z.string(), files: z.number(), people: z.array(userIdField) });
const ended = z.object({ userId: userIdField, sessionId: uuidField, reason: z.string() });

type Read = (data: unknown) => Told | undefined;

/** Reads an event's data by a schema; what does not fit it says nothing to anybody. */
function reading<T>(schema: z.ZodType<T>, tell: (data: T) => Told | undefined): Read {
  return (data) => {
    const parsed = schema.safeParse(data);
    return parsed.success ? tell(parsed.data) : undefined;
  };
}

const readers: Readonly<Record<string, Read>> = {
  'invitation.created': reading(invited, ({ invitee, ...data }) =>
    // Who has no account yet has no inbox: share mails them.
    invitee === undefined ? undefined : { kind: 'invitation', people: [invitee], data },
  ),
  'invitation.accepted': reading(answered, (data) => answer('accepted', data)),
  'invitation.declined': reading(answered, (data) => answer('declined', data)),
  'grant.changed': reading(granted, roleOf),
  'entry_grant.changed': reading(letIn, roleOf),
  'link.used': reading(used, ({ notify, creator, ...data }) => (notify ? { kind: 'link_used', people: [creator], data } : undefined)),
  'device.held': reading(held, ({ people, files, ...data }) => ({ kind: 'device_held', people, data: { ...data, files: String(files) } })),
  'quota.warned': reading(full, ({ people, percent, limitBytes, ...data }) => ({
    kind: 'quota',
    people,
    data: { ...data, percent: String(percent), limitBytes: String(limitBytes) },
  })),
  'content.damaged': reading(damaged, ({ people, files, ...data }) => ({
    kind: 'content_damaged',
    people,
    data: { ...data, files: String(files) },
  })),
  'session.ended': reading(ended, ({ userId, reason, sessionId }) =>
    // Other ends are of the person's own making.
    reason === 'token-reused' ? { kind: 'sign_in_ended', people: [userId], data: { sessionId, reason } } : undefined,
  ),
};

function roleOf<T extends Omit<z.output<typeof granted>, 'driveName'>>({ people, by, role, ...data }: T): Told {
  return {
    kind: 'role',
    // Whoever did it knows.
    people: people.flatMap((one) => parseUserId(one) ?? []).filter((one) => one !== by),
    data: { ...data, by, ...(role === null ? {} : { role }) },
  };
}

function answer(outcome: 'accepted' | 'declined', { inviter, by, email, ...data }: z.output<typeof answered>): Told {
  return { kind: 'invitation_answered', people: [inviter], data: { ...data, outcome, by, ...(email === undefined ? {} : { email }) } };
}

/** Who is told what of an event; `undefined` for what concerns nobody. Pure: the same event tells the same for ever. */
export function notificationsOf({ type, data }: Pick<CloudEvent, 'type' | 'data'>): Told | undefined {
  const told = Object.hasOwn(readers, type) ? readers[type]?.(data) : undefined;
  return told === undefined || told.people.length === 0 ? undefined : told;
}
