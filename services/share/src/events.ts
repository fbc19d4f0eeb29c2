import { appendOutbox, type Transaction } from '@driftbox/postgres';
import type { InvitationRow } from './store/invitation-row.ts';
import type { LinkRow } from './store/link-row.ts';

/** Facts about links and invitations; keyed by drive, so that one drive's stay in order. */
export const sharesTopic = 'driftbox.shares';

function append(tx: Transaction, type: string, link: LinkRow, more: Readonly<Record<string, unknown>> = {}): void {
  const { linkId, drive, entryId, kind, role, creator } = link;
  const data = { linkId, drive, entryId, kind, role, creator, ...more };
  appendOutbox(tx, { topic: sharesTopic, key: drive, type, subject: linkId, data });
}

/** Somebody made a link. */
export function linkCreated(tx: Transaction, link: LinkRow): void {
  append(tx, 'link.created', link);
}

/** Its terms changed. */
export function linkChanged(tx: Transaction, link: LinkRow): void {
  append(tx, 'link.changed', link);
}

/** It ended before its time, by whoever. */
export function linkRevoked(tx: Transaction, link: LinkRow, by: string): void {
  append(tx, 'link.revoked', link, { by });
}

/** Somebody downloaded or uploaded through it; `notify` says that its creator wants to know. */
export function linkUsed(
  tx: Transaction,
  link: LinkRow,
  use: { readonly useId: string; readonly kind: string; readonly entryId: string },
): void {
  append(tx, 'link.used', link, { useId: use.useId, use: use.kind, usedEntry: use.entryId, notify: link.notifyOnUse });
}

/** Somebody was offered a role on a drive, or was offered it anew. */
export function invitationCreated(tx: Transaction, row: InvitationRow): void {
  appendInvitation(tx, 'invitation.created', row, { expiresAt: new Date(row.expiresMs).toISOString() });
}

/** What became of an offer: accepted, declined or revoked, by whom. */
export function invitationDecided(tx: Transaction, row: InvitationRow, by: string): void {
  appendInvitation(tx, `invitation.${row.state}`, row, { by });
}

function appendInvitation(tx: Transaction, type: string, row: InvitationRow, more: Readonly<Record<string, unknown>>): void {
  const { invitationId, drive, driveName, role, inviter, inviterName, invitee, email } = row;
  const whom = { ...(invitee === null ? {} : { invitee }), ...(email === null ? {} : { email }) };
  const data = { invitationId, drive, driveName, role, inviter, inviterName, ...whom, ...more };
  appendOutbox(tx, { topic: sharesTopic, key: drive, type, subject: invitationId, data });
}
