import { can, canGrant, parseUserId, type GroupId, type UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type BodyOf, type Routes } from '@driftbox/protocol';
import { requireDrive, type Asker } from './access-drive.ts';
import { mayNot } from './grantee.ts';
import { noGroup } from './groups.ts';
import { stored } from './store/entry-row.ts';
import { readGroup } from './store/groups.ts';
import { listInvitees, readPerson, type PersonRow } from './store/people.ts';

type Invitees = AnswerOf<Routes['describeInvitees']>;
type To = BodyOf<Routes['describeInvitees']>['to'];

/**
 * Whom an offer of a role on a drive names. Throws `not_found` for a drive that the asker may not know and for nobody,
 * `permission_denied` to who may not give the role.
 */
export async function describeInvitees(
  database: Database,
  asker: Asker,
  { role, to }: BodyOf<Routes['describeInvitees']>,
): Promise<Invitees> {
  return database.transaction(
    asker.tenantId,
    async (tx) => {
      const [user, group, email] = namesOf(to);
      const [drive, { rows }, inviter, known] = await Promise.all([
        requireDrive(tx, asker, 'read'),
        tx.query<PersonRow>(listInvitees, [tx.tenantId, asker.driveId, user, group, email]),
        tx.query<{ name: string }>(readPerson, [tx.tenantId, asker.userId]),
        group === null ? undefined : tx.query(readGroup, [tx.tenantId, group]),
      ]);
      if (!can(drive, 'grant', drive) || !canGrant(drive, drive, undefined, role)) throw mayNot(drive.kind);
      if (known?.rows.length === 0) throw noGroup();
      if (user !== null && rows.length === 0) throw new Problem('not_found', 'There is no such person');
      return {
        drive: drive.name,
        inviter: inviter.rows[0]?.name ?? '',
        role: drive.role,
        people: rows.filter((row) => row.invited).map(present),
        ...(email !== null && rows.length === 0 ? { stranger: email } : {}),
      };
    },
    { readOnly: true, signal: asker.signal },
  );
}

function namesOf(to: To): [UserId | null, GroupId | null, string | null] {
  if ('user' in to) return [to.user, null, null];
  return 'group' in to ? [null, to.group, null] : [null, null, to.email];
}

function present({ user_id: id, name, email }: PersonRow): Invitees['people'][number] {
  return { user: stored(parseUserId, id), name, ...(email === null ? {} : { email }) };
}

/** What is known of a person; their address only where they have proven it. */
export async function getPerson(database: Database, { tenantId, userId }: Pick<Asker, 'tenantId' | 'userId'>) {
  type Row = { readonly name: string; readonly email: string | null; readonly email_verified: boolean };
  const { rows } = await database.withTenant<Row>(tenantId, readPerson, [tenantId, userId]);
  const [row] = rows;
  return { name: row?.name ?? '', ...(row?.email_verified === true && row.email !== null ? { email: row.email.toLowerCase() } : {}) };
}
