import type { SubjectId, UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { Asker } from './access-drive.ts';
import { findGrantee, listPeople, readGrant, type GranteeRow, type GrantRow } from './store/grants.ts';

/** Whom a role is for: a person or group by id, or a person by their e-mail address. */
export type Wanted = { readonly subject: SubjectId } | { readonly email: string };

/** The person or group, if it is one of this tenant that may be let in. */
export async function granteeOf(tx: Transaction, wanted: Wanted): Promise<GranteeRow> {
  const [subject, email] = 'subject' in wanted ? [wanted.subject, null] : [null, wanted.email];
  const { rows } = await tx.query<GranteeRow>(findGrantee, [tx.tenantId, subject, email]);
  if (rows[0] === undefined) throw new Problem('not_found', 'There is no such person or group');
  return rows[0];
}

/** The people whose access changes with a subject's roles. */
export async function peopleOf(tx: Transaction, subject: SubjectId): Promise<UserId[]> {
  const { rows } = await tx.query<{ user_id: UserId }>(listPeople, [tx.tenantId, subject]);
  return rows.map((row) => row.user_id);
}

export async function grantOf(tx: Transaction, { driveId }: Asker, subject: SubjectId): Promise<GrantRow | undefined> {
  return (await tx.query<GrantRow>(readGrant, [tx.tenantId, driveId, subject])).rows[0];
}

/** Why a role gives nobody a role here. */
export function mayNot(kind: 'home' | 'shared'): Problem {
  const detail =
    kind === 'home' ? 'A home drive is its owner\u2019s alone: share a folder of it' : 'Your role on this drive does not allow it';
  return new Problem('permission_denied', detail);
}
