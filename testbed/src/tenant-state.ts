import type { TenantId } from '@driftbox/domain';
import type { TestDatabase } from '@driftbox/testkit';

/** What the tables of metadata and upload say of a tenant, beside its content. */
export type TenantState = {
  /** Digests of all chunks there are. */
  readonly chunks: string[];
  /** Ids of packs as the pool names them, and how many of them hold nothing alive. */
  readonly packs: string[];
  readonly deadPacks: number;
  /** Open uploads and reservations, with their pins, proofs and lists. */
  readonly inFlight: number;
  /** By how much more than its drives hold and uploads reserved the tenant is charged. */
  readonly chargedTooMuch: number;
  /** Of each drive: how far its journal is, and the seqs of the changes that were told. */
  readonly journals: { readonly head: number; readonly told: number[] }[];
};

/** Reads it from databases whose schemas are those of the services. */
export async function readTenantState(db: TestDatabase, tenantId: TenantId): Promise<TenantState> {
  const of = <Row extends Record<string, unknown>>(sql: string): Promise<Row[]> => db.adminQuery<Row>(sql, [tenantId]);
  const count = (table: string): string => `(SELECT count(*) FROM ${table} WHERE tenant = $1)`;
  const chunks = await of<{ digest: string }>(`SELECT encode(digest, 'hex') AS digest FROM upload.chunks WHERE tenant = $1 ORDER BY 1`);
  const packs = await of<{ id: string; dead: boolean }>(
    `SELECT replace(pack_id::text, '-', '') AS id, live_bytes = 0 AS dead FROM upload.packs WHERE tenant = $1 ORDER BY 1`,
  );
  const flying = ['metadata.reservations', 'metadata.provisional_lists', 'upload.uploads', 'upload.pins', 'upload.proofs']
    .map(count)
    .join(' + ');
  const [held] = await of(
    `SELECT h.held_bytes - sum(d.current_bytes + d.history_bytes + d.trash_bytes + d.allowance_bytes)
       - (SELECT coalesce(sum(left_bytes), 0) FROM metadata.reservations WHERE tenant = $1) AS too_many
     FROM metadata.holdings h JOIN metadata.drives d USING (tenant) WHERE tenant = $1 AND holder_id = tenant GROUP BY h.held_bytes`,
  );
  const journals = await of<{ head: number; told: number[] }>(
    `SELECT d.seq::int AS head, array_agg((change ->> 'seq')::int ORDER BY (change ->> 'seq')::int) AS told
     FROM metadata.drives d JOIN metadata.outbox o ON o.tenant = d.tenant AND o.key = d.drive_id::text AND o.type = 'files.committed',
     jsonb_array_elements(o.data -> 'changes') AS change WHERE d.tenant = $1 GROUP BY d.drive_id, d.seq`,
  );
  return {
    chunks: chunks.map(({ digest }) => digest),
    packs: packs.map(({ id }) => id),
    deadPacks: packs.filter(({ dead }) => dead).length,
    inFlight: Number((await of(`SELECT ${flying} AS count`))[0]?.['count']),
    chargedTooMuch: Number(held?.['too_many'] ?? 0),
    journals,
  };
}

/** Lets years pass for what a tenant trashed, replaced or condemned, and for everything of theirs that waits for a deadline. */
export async function passYears(db: TestDatabase, tenantId: TenantId): Promise<void> {
  const ago = (table: string, ...columns: string[]): string =>
    `UPDATE ${table} SET ${columns.map((column) => `${column} = ${column} - interval '2 years'`).join(', ')} WHERE tenant = '${tenantId}'`;
  await db.adminQuery(
    [
      ago('metadata.entries', 'trashed_at'),
      ago('metadata.lists', 'made_at'),
      ago('metadata.reservations', 'expires_at'),
      ago('metadata.provisional_lists', 'expires_at'),
      ago('upload.chunks', 'condemned_at'),
      ago('upload.packs', 'created_at', 'dead_at'),
      ago('upload.pins', 'expires_at'),
      ago('upload.uploads', 'expires_at'),
      `UPDATE upload.stray_packs SET seen_at = seen_at - interval '2 years'`,
    ].join(';'),
  );
}
