import type { TenantId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem, type IssuerTerms, type TenantIntent } from '@driftbox/protocol';
import type { Actor } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { requireAdministrator } from '../invite-user.ts';
import { findUser } from '../store/find-user.ts';
import type { IssuerRow } from '../store/issuer-row.ts';
import { listIssuers } from '../store/list-issuers.ts';
import { removeIssuer as removeRow } from '../store/remove-issuer.ts';
import { removeManagedIssuers } from '../store/remove-managed-issuers.ts';
import { saveIssuer } from '../store/save-issuer.ts';

/** What a tenant sets itself; those of the platform's administrator are not counted. */
const mostOwn = 16;

function rowOf(context: Context, tenantId: TenantId, name: string, terms: IssuerTerms, managed: boolean): IssuerRow {
  return {
    name,
    displayName: terms.displayName ?? null,
    issuer: terms.issuer,
    clientId: terms.clientId,
    sealedSecret: terms.clientSecret === undefined ? null : context.issuers.sealSecret(tenantId, name, terms.clientSecret),
    domains: terms.domains ?? null,
    managed,
    updatedMs: context.nowMs(),
  };
}

/** By the role in the database: the token's may have been taken away since. */
async function requireActing(tx: Transaction, actor: Actor): Promise<void> {
  const user = await findUser(tx, actor.userId);
  requireAdministrator(user?.status === 'active' ? user.role : 'guest');
}

/** Sets one of the tenant's own issuers. Throws `permission_denied`, `already_exists` for the platform's, `quota_exceeded`. */
export async function putIssuer(context: Context, tenantId: TenantId, actor: Actor, name: string, terms: IssuerTerms): Promise<IssuerRow> {
  context.issuers.check(terms.issuer);
  return context.database.transaction(tenantId, async (tx) => {
    await requireActing(tx, actor);
    const known = await listIssuers(tx);
    const before = known.find((one) => one.name === name);
    if (before?.managed === true) throw new Problem('already_exists', "The platform's administrator has set an issuer of this name");
    if (before === undefined && known.filter(({ managed }) => !managed).length >= mostOwn)
      throw new Problem('quota_exceeded', `A tenant has ${mostOwn} issuers at most`, { details: { limit: 'issuers' } });
    return saveIssuer(tx, rowOf(context, tenantId, name, terms, false));
  });
}

/** Removes one of the tenant's own. Throws `permission_denied`, or `not_found`. */
export async function removeIssuer(context: Context, tenantId: TenantId, actor: Actor, name: string): Promise<void> {
  const removed = await context.database.transaction(tenantId, async (tx) => {
    await requireActing(tx, actor);
    return removeRow(tx, name);
  });
  if (!removed) throw new Problem('not_found', 'The tenant has set no issuer of this name');
}

/** Brings the issuers that the platform's administrator sets to their intent, within `tx`. */
export async function putManagedIssuers(context: Context, tx: Transaction, { tenantId, issuers }: TenantIntent): Promise<void> {
  removeManagedIssuers(
    tx,
    issuers.map(({ name }) => name),
  );
  for (const { name, ...terms } of issuers) {
    context.issuers.check(terms.issuer);
    await saveIssuer(tx, rowOf(context, tenantId, name, terms, true));
  }
}
