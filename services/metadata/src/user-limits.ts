import { parseUserId, type UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem, type AnswerOf, type Routes, type UserUsage } from '@driftbox/protocol';
import { keysOf, pageFrom } from './cursor.ts';
import { ledgerOf, limitOf } from './get-usage.ts';
import { requireAdministrator, type TenantAsker } from './require-administrator.ts';
import { stored } from './store/entry-row.ts';
import { listUserUsage as listSql, readUserUsage, setUserLimit as setSql, type UserUsageRow } from './store/user-limits.ts';

/** What each person of the tenant holds, line by line, and may hold. Throws `permission_denied`. */
export async function listUserUsage(
  database: Database,
  asker: TenantAsker,
  cursor: string | undefined,
  limit: number,
): Promise<AnswerOf<Routes['listUserUsage']>> {
  requireAdministrator(asker);
  const [after] = keysOf(cursor, ['string']) ?? [null];
  const { tenantId, signal } = asker;
  const { rows } = await database.withTenant<UserUsageRow>(tenantId, listSql, [tenantId, after, limit + 1], { signal });
  return pageFrom(rows, limit, presentUsage, (row) => [row.user_id]);
}

/**
 * Gives somebody a limit of their own, or with `null` the tenant's for each; what they hold already stays. Throws
 * `permission_denied`, `not_found`.
 */
export async function setUserLimit(database: Database, asker: TenantAsker, userId: UserId, limitBytes: number | null): Promise<UserUsage> {
  requireAdministrator(asker);
  const { tenantId, signal } = asker;
  return database.transaction(
    tenantId,
    async (tx) => {
      await tx.query(setSql, [tenantId, userId, limitBytes]);
      const [row] = (await tx.query<UserUsageRow>(readUserUsage, [tenantId, userId])).rows;
      if (row === undefined) throw new Problem('not_found', 'There is no such person');
      return presentUsage(row);
    },
    { signal, idempotent: true },
  );
}

function presentUsage(row: UserUsageRow): UserUsage {
  return {
    user: stored(parseUserId, row.user_id),
    name: row.name,
    ...(row.email === null ? {} : { email: row.email }),
    ...ledgerOf(row),
    ...limitOf(row.own_limit ?? row.user_limit),
    ownLimit: row.own_limit !== null,
  };
}
