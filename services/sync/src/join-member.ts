import type { TenantId, UserId } from '@driftbox/domain';
import { Problem } from '@driftbox/protocol';
import type { Listener, Member } from './member.ts';
import type { Members } from './members.ts';

/** A member may be forgotten between being loaded and being joined; more often than this is not chance. */
const maxAttempts = 5;

/** Joins `listener` to a user's member, loaded if need be. Throws what asking metadata throws. */
export async function joinMember(
  members: Members,
  user: { readonly tenantId: TenantId; readonly userId: UserId; readonly token: string },
  listener: Listener,
): Promise<Member> {
  for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
    const member = await members.load(user.tenantId, user.userId, user.token);
    if (members.join(member, listener)) return member;
  }
  throw new Problem('unavailable', 'The drives change too fast', { retryAfterSeconds: 1 });
}
