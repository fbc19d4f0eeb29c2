import type { TenantId, UserId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { joinMember } from './join-member.ts';
import type { Listener } from './member.ts';
import type { Members } from './members.ts';

/** Who waits, for what, and how long. */
export type Waiting = {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly token: string;
  /** Where the caller is; `undefined` asks for all heads at once. */
  readonly cursors: readonly Head[] | undefined;
  readonly drivesTag: string | undefined;
  readonly holdMs: number;
  /** Ends the wait with an empty answer. */
  readonly signal: AbortSignal;
};
/** Heads that are ahead of their cursors, and a tag of the user's drives, which is another one once these have changed. */
export type Waited = { readonly heads: Head[]; readonly drivesTag: string };

/**
 * Answers as soon as one of the drives is ahead of its cursor, the user's drives have changed, or the time is over.
 * Any number of waits cost nothing while nothing happens: they look at the map that hints and events feed.
 */
export async function waitForChanges(members: Members, waiting: Waiting): Promise<Waited> {
  const { cursors, drivesTag, signal, holdMs } = waiting;
  const woken = Promise.withResolvers<void>();
  const listener: Listener = {
    offer: (head) => isAhead(head, cursors ?? []) && woken.resolve(),
    drivesChanged: () => woken.resolve(),
    token: () => waiting.token,
  };
  const member = await joinMember(members, waiting, listener);
  const timer = setTimeout(woken.resolve, holdMs);
  signal.addEventListener('abort', () => woken.resolve(), { once: true });
  try {
    const look = (): Waited => {
      const heads = members.headsOf(member);
      return { heads: cursors === undefined ? heads : heads.filter((head) => isAhead(head, cursors)), drivesTag: members.tagOf(member) };
    };
    const first = look();
    const isNews = cursors === undefined || first.heads.length > 0 || (drivesTag !== undefined && drivesTag !== first.drivesTag);
    if (isNews || signal.aborted) return first;
    await woken.promise;
    return look();
  } finally {
    clearTimeout(timer);
    members.leave(member, listener);
  }
}

function isAhead(head: Head, cursors: readonly Head[]): boolean {
  return cursors.some(({ drive, driveEpoch, seq }) => drive === head.drive && (driveEpoch !== head.driveEpoch || seq < head.seq));
}
