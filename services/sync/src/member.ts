import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import type { Notice, ToldHead } from '@driftbox/protocol';

/** One socket or one waiting poll, as those see it who have news for it. None of it waits or throws. */
export type Listener = {
  /** A drive of this user has moved on. May be called again before the first was sent: the newest counts. */
  offer(head: ToldHead): void;
  /** These drives came or went; `member` says what there is now. */
  drivesChanged(changed: readonly DriveId[], member: Member): void;
  /** So many of this user's notifications are unread. A poll does not wait for that. */
  noticed?(notice: Notice): void;
  /** The access token to ask metadata with, in this user's name. */
  token(): string;
};

/** A user with whom somebody is connected: what they may read, and who wants to know of it. */
export type Member = {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** In the order of their ids. */
  drives: readonly DriveId[];
  readonly listeners: Set<Listener>;
};

/** A user's name in this process's maps. */
export function memberKey(tenantId: TenantId, userId: UserId): string {
  return `${tenantId} ${userId}`;
}
