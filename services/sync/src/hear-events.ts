import { parseDriveId, parseTenantId, parseUserId, type TenantId } from '@driftbox/domain';
import { head, messages } from '@driftbox/protocol';
import { currentTraceparent } from '@driftbox/tracing';
import { z } from 'zod';
import type { Members } from './members.ts';
import type { Teller } from './teller.ts';
import { tracedTelling } from './trace-telling.ts';

/** Topics of facts about files, drives and grants, and of how much of people's inboxes is unread. */
export const heardTopics = ['driftbox.files', 'driftbox.notices'] as const;

/** What sync reads of an event; the rest is none of its business. */
const filesEvent = z.object({
  type: z.string(),
  tenant: z.string(),
  data: z.object({
    drive: z.string().optional(),
    driveEpoch: z.string().optional(),
    toSeq: z.number().optional(),
    owner: z.string().optional(),
    subject: z.string().optional(),
    people: z.array(z.string()).max(1_000).optional(),
    userId: z.string().optional(),
    unread: z.number().optional(),
  }),
});
type Data = z.output<typeof filesEvent>['data'];

/**
 * Takes a durable event in: a commit moves a head; a drive, grant or member of a group that came or went makes their users'
 * drives be listed again; a new count of what is unread is told the sockets of that person. A repetition is no news, so that
 * nothing happens twice. Events of other types do nothing; nothing throws. True when a head moved on.
 */
export function hearEvent(teller: Teller, members: Members, event: unknown): boolean {
  const parsed = filesEvent.safeParse(event);
  if (!parsed.success) return false;
  const { type, tenant, data } = parsed.data;
  const tenantId = parseTenantId(tenant);
  if (tenantId === undefined) return false;
  const drive = parseDriveId(data.drive ?? '');
  if (drive !== undefined && type === 'files.committed') {
    const committed = head.safeParse({ drive, driveEpoch: data.driveEpoch, seq: data.toSeq });
    return committed.success && teller.tell(tenantId, committed.data);
  }
  if (type === 'inbox.changed') tellUnread(members, tenantId, data);
  if (/^(drive|grant|group)\./.test(type)) {
    const named = [data.owner, data.subject, ...(data.people ?? [])].flatMap((id) => parseUserId(id ?? '') ?? []);
    const ofDrive = drive === undefined ? [] : members.ofDrive(tenantId, drive);
    const affected = new Set([...ofDrive, ...named.flatMap((user) => members.ofUser(tenantId, user) ?? [])]);
    for (const member of affected) members.refresh(member);
  }
  return false;
}

/** An older count may come again; the newer one follows it, as the events of a user are in order. */
function tellUnread(members: Members, tenantId: TenantId, { userId = '', unread }: Data): void {
  const user = parseUserId(userId);
  const notice = messages.notice.payload.safeParse({ unread });
  if (user === undefined || !notice.success) return;
  const listeners = members.ofUser(tenantId, user)?.listeners;
  if (listeners === undefined) return;
  tracedTelling('notice', currentTraceparent(), (along) => {
    for (const listener of listeners) listener.noticed?.({ ...notice.data, ...along });
  });
}
