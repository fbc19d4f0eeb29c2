import type { Client } from '@driftbox/api-client';
import type { UserId } from '@driftbox/domain';
import type { Database, Transaction } from '@driftbox/postgres';
import { Problem, routes, type AnswerOf, type OwnedDrive, type Routes } from '@driftbox/protocol';
import { claimsOf, signServiceToken, type Actor } from '@driftbox/service-kit';
import type { OnCommitted } from './commit-input.ts';
import { granteeOf } from './grantee.ts';
import { requireAdministrator, type TenantAsker } from './require-administrator.ts';
import { handOverAll } from './hand-over.ts';
import { holdBoth } from './move-holding.ts';
import { listOwned, putRemoval, readLeaver, type OwnedRow } from './store/removals.ts';

/** Who is to be removed, who takes over, and whether only to look. */
export type Wish = { readonly user: UserId; readonly handOverTo?: UserId | undefined; readonly dryRun: boolean };
/** What removing somebody works with: auth is asked with the acting user's rights, under the cell's key. */
export type Removing = {
  readonly database: Database;
  readonly auth: Client;
  readonly serviceKey: string;
  readonly onCommitted: OnCommitted;
};
type Asking = TenantAsker & { readonly actor: Actor };

/** How long one request works; what is left goes on by itself, or when it is asked again. */
const budgetMs = 10_000;

/**
 * Removes somebody from the tenant. All that could refuse it is asked first; then auth ends the account, so that nothing new of
 * theirs comes, and then what they own is handed over. Throws `permission_denied`, `not_found`, `locked` while others share what
 * nobody takes over, `quota_exceeded` where the heir has not the room.
 */
export async function removeUser(context: Removing, asking: Asking, wish: Wish): Promise<AnswerOf<Routes['removeUser']>> {
  const { database, onCommitted } = context;
  const { tenantId, actor, signal } = asking;
  const { user, handOverTo: heir, dryRun } = wish;
  requireAdministrator(asking);
  const drives = await database.transaction(tenantId, (tx) => mayLeave(tx, user, heir), { signal });
  const answer = { user, ...(heir === undefined ? {} : { handOverTo: heir }), drives };
  await endAccount(context, asking, wish, true);
  if (dryRun) return { ...answer, done: false };
  await database.withTenant(tenantId, putRemoval, [tenantId, user, heir ?? null, actor.userId], { readOnly: false });
  await endAccount(context, asking, wish, false);
  const leaver = { tenantId, userId: user, heir, by: actor.userId };
  return { ...answer, done: await handOverAll(database, leaver, onCommitted, AbortSignal.timeout(budgetMs)) };
}

/** Auth knows the roles of a tenant, and decides by them; who has ended already stays so. */
async function endAccount(
  context: Removing,
  { tenantId, actor, signal }: Asking,
  { user, handOverTo }: Wish,
  dryRun: boolean,
): Promise<void> {
  await context.auth.call(routes.endAccount, {
    params: { user },
    body: { ...(handOverTo === undefined ? {} : { heir: handOverTo }), dryRun },
    token: () => signServiceToken(context.serviceKey, { caller: 'metadata', tid: tenantId, act: claimsOf(actor) }),
    signal,
  });
}

/** What they own, if they may go. */
async function mayLeave(tx: Transaction, user: UserId, heir: UserId | undefined): Promise<OwnedDrive[]> {
  const [known, owned] = await Promise.all([tx.query(readLeaver, [tx.tenantId, user]), tx.query<OwnedRow>(listOwned, [tx.tenantId, user])]);
  if (known.rows.length === 0) throw new Problem('not_found', 'There is no such person');
  const drives = owned.rows.map(({ drive_id: drive, name, kind, bytes: sizeBytes, others }) => ({ drive, name, kind, sizeBytes, others }));
  if (heir === undefined) {
    const shared = drives.filter(({ others }) => others > 0).map(({ drive, name, others }) => ({ drive, name, others }));
    if (shared.length > 0)
      throw new Problem('locked', 'They own what others share: say who takes it over', {
        details: { reason: 'owns_shared', drives: shared },
      });
    return drives;
  }
  await requireRoom(tx, user, heir, drives);
  return drives;
}

async function requireRoom(tx: Transaction, user: UserId, heir: UserId, drives: readonly OwnedDrive[]): Promise<void> {
  const { subject, group } = await granteeOf(tx, { subject: heir });
  if (group || subject === user) throw new Problem('permission_denied', 'Another person takes over what somebody owned');
  const { growBytes, limit, limitBytes, usedBytes } = await holdBoth(tx, { source: user, target: heir });
  if (drives.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > growBytes)
    throw new Problem('quota_exceeded', 'Whoever takes over has not the room', { details: { limit, limitBytes, usedBytes } });
}
