import type { DriveId, EntryId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem, routes } from '@driftbox/protocol';
import { asUser } from './acting.ts';
import type { Context } from './context.ts';
import { invitationDecided } from './events.ts';
import { mayManage, type Manager } from './manage-links.ts';
import { isOpen } from './present-invitation.ts';
import type { InvitationRow } from './store/invitation-row.ts';
import { decideInvitation, listReceived, listSent, lockInvitation } from './store/list-invitations.ts';

const noInvitation = (): Problem => new Problem('not_found', 'There is no such invitation, or it has ended');

/** Which invitations are asked for, after an id. */
export type InvitationFilter = {
  readonly of: 'received' | 'sent';
  readonly drive?: DriveId | undefined;
  readonly after: string | undefined;
  readonly limit: number;
};

/** Invitations that wait for the caller, or that went out. Throws `permission_denied` for others' of a drive that they do not manage. */
export async function listInvitations(context: Context, manager: Manager, filter: InvitationFilter): Promise<InvitationRow[]> {
  const { tenantId, actor, signal } = manager;
  const { of, drive, after = null, limit } = filter;
  if (of === 'sent') {
    const everybodys = drive !== undefined;
    if (everybodys && !(await mayManage(context, manager, drive)))
      throw new Problem('permission_denied', "A drive's invitations are shown to those who may let people in");
    const values = [tenantId, everybodys ? null : actor.userId, drive ?? null, after, limit];
    return (await context.database.withTenant<InvitationRow>(tenantId, listSent, values, { signal })).rows;
  }
  const values = [tenantId, actor.userId, (await addressOf(context, manager)) ?? null, after, limit, new Date(context.nowMs())];
  const { rows } = await context.database.withTenant<InvitationRow>(tenantId, listReceived, values, { signal });
  return drive === undefined ? rows : rows.filter((row) => row.drive === drive);
}

/**
 * Takes what was offered: metadata gives the role, unless who offered it may not any more. The row is held meanwhile, so that it
 * is revoked before or after and not in between. One's own accepted offer is answered again and gives nothing.
 */
export async function acceptInvitation(
  context: Context,
  manager: Manager,
  invitationId: string,
): Promise<{ invitation: InvitationRow; mount?: EntryId | undefined }> {
  const { tenantId, actor } = manager;
  const address = await addressOf(context, manager);
  return context.database.transaction(
    tenantId,
    async (tx) => {
      const row = await lock(tx, invitationId);
      if (row.state === 'accepted' && row.invitee === actor.userId) return { invitation: row };
      requireMine(context, row, manager, address);
      const { entryId } = await context.metadata.call(routes.acceptGrant, {
        ...asUser(context, manager),
        params: { drive: row.drive },
        body: { invitation: row.invitationId, role: row.role, owner: row.inviter },
      });
      return { invitation: decide(context, tx, row, 'accepted', actor.userId), mount: entryId };
    },
    { signal: manager.signal },
  );
}

/** Refuses what was offered. Throws `not_found`. */
export async function declineInvitation(context: Context, manager: Manager, invitationId: string): Promise<void> {
  const address = await addressOf(context, manager);
  await context.database.transaction(manager.tenantId, async (tx) => {
    const row = await lock(tx, invitationId);
    requireMine(context, row, manager, address);
    decide(context, tx, row, 'declined', manager.actor.userId);
  });
}

/** Takes an offer back. Throws `not_found` also to who neither made it nor manages the drive. */
export async function revokeInvitation(context: Context, manager: Manager, invitationId: string): Promise<void> {
  await context.database.transaction(manager.tenantId, async (tx) => {
    const row = await lock(tx, invitationId);
    const mine = row.inviter === manager.actor.userId || (await mayManage(context, manager, row.drive));
    if (!mine || row.state !== 'open') throw noInvitation();
    decide(context, tx, row, 'revoked', manager.actor.userId);
  });
}

/** What is sent to an address is of who has proven that it is theirs. */
async function addressOf(context: Context, manager: Manager): Promise<string | undefined> {
  return (await context.metadata.call(routes.getPerson, asUser(context, manager))).email;
}

async function lock(tx: Transaction, invitationId: string): Promise<InvitationRow> {
  const [row] = (await tx.query<InvitationRow>(lockInvitation, [tx.tenantId, invitationId])).rows;
  if (row === undefined) throw noInvitation();
  return row;
}

function requireMine(context: Context, row: InvitationRow, { actor }: Manager, address: string | undefined): void {
  const mine = row.invitee === actor.userId || (row.email !== null && row.email === address);
  if (!mine || !isOpen(row, context.nowMs())) throw noInvitation();
}

function decide(
  context: Context,
  tx: Transaction,
  row: InvitationRow,
  state: 'accepted' | 'declined' | 'revoked',
  by: Manager['actor']['userId'],
): InvitationRow {
  const taker = state === 'accepted' ? by : row.invitee;
  tx.defer(decideInvitation, [tx.tenantId, row.invitationId, state, taker, new Date(context.nowMs())]);
  const decided = { ...row, state, invitee: taker };
  invitationDecided(tx, decided, by);
  return decided;
}
