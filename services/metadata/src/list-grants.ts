import type { SubjectId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Grant, type Routes } from '@driftbox/protocol';
import { readInDrive, type Asker } from './access-drive.ts';
import { keysOf, pageFrom } from './cursor.ts';
import { presentGrant } from './present-grant.ts';
import { listGrants as listSql, readGrant, type GrantRow } from './store/grants.ts';

/** Who may do what in a drive, by name. */
export async function listGrants(
  database: Database,
  asker: Asker,
  cursor: string | undefined,
  limit: number,
): Promise<AnswerOf<Routes['listGrants']>> {
  const [name, subject] = keysOf(cursor, ['string', 'string']) ?? [null, null];
  const { rows } = await readInDrive<GrantRow>(database, asker, listSql, [name, subject, limit + 1]);
  return pageFrom(rows, limit, presentGrant, (row) => [row.name, row.subject]);
}

/** The role of one person or group. */
export async function getGrant(database: Database, asker: Asker, subject: SubjectId): Promise<Grant> {
  const { rows } = await readInDrive<GrantRow>(database, asker, readGrant, [subject]);
  if (rows[0] === undefined) throw new Problem('not_found', 'There is no such role on the drive');
  return presentGrant(rows[0]);
}
