import type { UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem, routes, type BodyOf, type Routes } from '@driftbox/protocol';
import { newId } from '@driftbox/service-kit';
import { asUser } from './acting.ts';
import type { Context } from './context.ts';
import { invitationCreated } from './events.ts';
import { invitationMail, type WayIn } from './mail-invitation.ts';
import type { Manager } from './manage-links.ts';
import type { InvitationRow } from './store/invitation-row.ts';
import { countInvitations, saveInvitation } from './store/save-invitation.ts';

const dayMs = 86_400_000;
const defaultDays = 14;
const maxDays = 90;
/** Open offers of one person: beyond it they would be mailing lists. */
const maxOpen = 2_000;
/** Offers that a person makes in a day: each is a mail to somebody who did not ask for it. */
const maxDaily = 1_000;

type Invitee = Pick<InvitationRow, 'invitee' | 'email'> & { readonly address: string | undefined };

/**
 * Offers a role on a drive, if metadata says that this user may give it, and auth that a stranger's address may join. Throws what
 * they throw, `already_exists` where everybody named has a role, `invalid_argument` for an end that has passed or is too late,
 * `quota_exceeded` and `rate_limited`. Whoever is invited is mailed once; a renewal is not.
 */
export async function invite(context: Context, manager: Manager, asked: BodyOf<Routes['createInvitations']>): Promise<InvitationRow[]> {
  const { tenantId, actor, signal } = manager;
  if (actor.role === 'guest') throw new Problem('permission_denied', 'Guests cannot invite');
  const nowMs = context.nowMs();
  const expiresMs = expiryOf(asked.expiresAt, nowMs);
  const { drive, inviter, people, stranger } = await context.metadata.call(routes.describeInvitees, {
    ...asUser(context, manager),
    params: { drive: asked.drive },
    body: { role: asked.role, to: asked.to },
  });
  const invitees: Invitee[] = [
    ...people.map(({ user, email }) => ({ invitee: user, email: null, address: email })),
    ...(stranger === undefined ? [] : [{ invitee: null, email: stranger, address: stranger }]),
  ];
  if (invitees.length === 0) throw new Problem('already_exists', 'Whom this names has a role on the drive already');
  const way = stranger === undefined ? 'open' : await admit(context, manager, stranger);
  const about = { drive: asked.drive, driveName: drive, role: asked.role, inviter: actor.userId, inviterName: inviter };
  return context.database.transaction(
    tenantId,
    async (tx) => {
      await requireRoom(context, tx, actor.userId, invitees.length);
      const made: InvitationRow[] = [];
      for (const { invitee, email, address } of invitees) {
        const row = { ...about, invitee, email, invitationId: newId(nowMs), state: 'open' as const, createdMs: nowMs, expiresMs };
        const { fresh, ...saved } = await saveInvitation(tx, row);
        invitationCreated(tx, saved);
        if (fresh && address !== undefined)
          tx.afterCommit(() => context.mails.send(invitationMail(address, saved, way, context.publicUrl?.(tenantId))));
        made.push(saved);
      }
      return made;
    },
    { signal },
  );
}

/** How somebody without an account will come in. Throws `permission_denied`, saying what is to be done. */
async function admit(context: Context, manager: Manager, email: string): Promise<WayIn> {
  return (await context.auth.call(routes.admitNewcomer, { ...asUser(context, manager), body: { email } })).way;
}

/** Throws `quota_exceeded` where too many offers of a person are open, `rate_limited` where they made too many in a day. */
async function requireRoom(context: Context, tx: Transaction, inviter: UserId, more: number): Promise<void> {
  const nowMs = context.nowMs();
  const values = [tx.tenantId, inviter, new Date(nowMs), new Date(nowMs - dayMs)];
  const [counts] = (await tx.query<{ open: number; lately: number }>(countInvitations, values)).rows;
  if ((counts?.open ?? 0) + more > maxOpen)
    throw new Problem('quota_exceeded', 'Too many of your invitations are open', { details: { limit: 'invitations', limitOpen: maxOpen } });
  if ((counts?.lately ?? 0) + more > maxDaily)
    throw new Problem('rate_limited', 'Too many invitations in a day', { retryAfterSeconds: 3_600 });
}

function expiryOf(asked: string | undefined, nowMs: number): number {
  if (asked === undefined) return nowMs + defaultDays * dayMs;
  const askedMs = Date.parse(asked);
  if (askedMs <= nowMs) throw new Problem('invalid_argument', 'body.expiresAt: has passed');
  if (askedMs > nowMs + maxDays * dayMs) throw new Problem('invalid_argument', `body.expiresAt: an invitation ends after ${maxDays} days`);
  return askedMs;
}
