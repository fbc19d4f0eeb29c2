import { statement } from '@driftbox/postgres';

/** One use of a link. */
export type UseRow = {
  readonly useId: string;
  readonly kind: 'download' | 'archive' | 'upload';
  readonly atMs: number;
  readonly entryId: string;
  readonly name: string;
  readonly address: string;
};

/** The uses of a link, newest first, before `$3`. */
export const listUses = statement({
  name: 'share.list-uses',
  text: `SELECT use_id AS "useId", kind, at AS "atMs", entry_id AS "entryId", name, address FROM link_uses
  WHERE tenant = $1 AND link_id = $2 AND ($3::uuid IS NULL OR use_id < $3) ORDER BY use_id DESC LIMIT $4`,
});
