import type { SessionId, UserId } from '@driftbox/domain';
import { appendOutbox, type Transaction } from '@driftbox/postgres';
import type { UserRow } from './store/user-row.ts';

/** Where auth tells the others what happened to people; keyed by user, so that one's events stay in order. */
export const accountsTopic = 'driftbox.accounts';

function append(tx: Transaction, userId: UserId, type: string, data: Record<string, unknown>): void {
  appendOutbox(tx, { topic: accountsTopic, key: userId, type, subject: userId, data: { userId, ...data } });
}

function describe(user: UserRow): Record<string, unknown> {
  return { email: user.email, emailVerified: user.emailVerified, displayName: user.displayName, role: user.role };
}

/** A person joined the tenant. */
export function userCreated(tx: Transaction, user: UserRow): void {
  append(tx, user.userId, 'user.created', describe(user));
}

/** Their name, role or proof of address changed. */
export function userUpdated(tx: Transaction, user: UserRow): void {
  append(tx, user.userId, 'user.updated', describe(user));
}

/** They are not let in any more; what they own and were given stays. */
export function userSuspended(tx: Transaction, user: UserRow): void {
  append(tx, user.userId, 'user.suspended', describe(user));
}

/** They are let in again. */
export function userRestored(tx: Transaction, user: UserRow): void {
  append(tx, user.userId, 'user.restored', describe(user));
}

/** They are of the tenant no more: what they had been given ends everywhere. */
export function userRemoved(tx: Transaction, user: UserRow): void {
  append(tx, user.userId, 'user.removed', {});
}

/** They signed in on a device. */
export function sessionStarted(tx: Transaction, userId: UserId, sessionId: SessionId): void {
  append(tx, userId, 'session.started', { sessionId });
}

/** A sign-in ended: by its user, by a new password, or because its refresh token was used twice. */
export function sessionEnded(tx: Transaction, userId: UserId, sessionId: SessionId, reason: string): void {
  append(tx, userId, 'session.ended', { sessionId, reason });
}
