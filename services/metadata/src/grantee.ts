import type { UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { Asker } from './access-drive.ts';
import { findPerson, readGrant, type GrantRow } from './store/grants.ts';

/** Whom a role is for: a person by id or by their e-mail address. */
export type Wanted = { readonly subject: UserId } | { readonly email: string };

/** The person, if they are somebody of this tenant who may be let in. */
export async function personOf(tx: Transaction, wanted: Wanted): Promise<UserId> {
  const [subject, email] = 'subject' in wanted ? [wanted.subject, null] : [null, wanted.email];
  const { rows } = await tx.query<{ user_id: string }>(findPerson, [tx.tenantId, subject, email]);
  if (rows[0] === undefined) throw new Problem('not_found', 'There is no such person');
  return rows[0].user_id as UserId;
}

export async function grantOf(tx: Transaction, { driveId }: Asker, subject: UserId): Promise<GrantRow | undefined> {
  return (await tx.query<GrantRow>(readGrant, [tx.tenantId, driveId, subject])).rows[0];
}

/** Why a role gives nobody a role here. */
export function mayNot(kind: 'home' | 'shared'): Problem {
  const detail =
    kind === 'home' ? 'A home drive is its owner\u2019s alone: share a folder of it' : 'Your role on this drive does not allow it';
  return new Problem('permission_denied', detail);
}
