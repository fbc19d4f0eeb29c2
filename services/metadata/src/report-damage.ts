import type { Digest, TenantId, UserId } from '@driftbox/domain';
import { appendOutbox, type Database } from '@driftbox/postgres';
import type { AnswerOf, Routes } from '@driftbox/protocol';
import { contentDamaged } from './events.ts';
import { findAffected } from './store/find-affected.ts';

type Affected = AnswerOf<Routes['findAffected']>['revisions'][number];

/** Tells of chunks that cannot be read: one event for each drive with files that have them, to its owner. */
export async function reportDamage(database: Database, tenantId: TenantId, digests: readonly Digest[]): Promise<void> {
  await database.transaction(tenantId, async (tx) => {
    const { rows } = await tx.query<Affected>(findAffected, [tenantId, digests]);
    for (const [drive, revisions] of Map.groupBy(rows, (row) => row.drive)) {
      const [{ entryId, name, owner } = { entryId: '', name: '', owner: '' }] = revisions;
      const files = new Set(revisions.map((row) => row.entryId)).size;
      appendOutbox(tx, contentDamaged({ drive, owner: owner as UserId, entryId, name, files }));
    }
  });
}
