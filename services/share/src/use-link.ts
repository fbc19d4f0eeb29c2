import { parseEntryId } from '@driftbox/domain';
import type { LinkedEntry } from '@driftbox/protocol';
import { hashSecret, newId, newSecret, ownId } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { noLink, type Visit } from './enter-link.ts';
import { linkUsed } from './events.ts';
import { countDownload, countUpload, insertUse } from './store/count-use.ts';
import type { LinkRow } from './store/link-row.ts';
import { sweepers } from './store/sweep-tenant.ts';

/** How long the bytes of a download that was counted may be asked for. */
const downloadMs = 24 * 3_600_000;
const sweptAtOnce = 50;

type Used = { readonly kind: 'download' | 'archive' | 'upload'; readonly entry: Pick<LinkedEntry, 'entryId' | 'name' | 'rev'> };

/** Counts one download of a file and answers the secret under which its bytes are. Throws `not_found` when it would be one too many. */
export async function beginDownload(context: Context, visit: Visit, link: LinkRow, entry: LinkedEntry): Promise<string> {
  const secret = newSecret();
  if (!(await use(context, visit, link, { kind: 'download', entry }, secret))) throw noLink();
  return secret;
}

/** Counts one archive. Throws `not_found` when it would be one too many. */
export async function beginArchive(context: Context, visit: Visit, link: LinkRow, entry: LinkedEntry): Promise<void> {
  if (!(await use(context, visit, link, { kind: 'archive', entry }))) throw noLink();
}

/** Counts a file that came. A link that was revoked meanwhile counts nothing any more: the file is there all the same. */
export async function countUploaded(context: Context, visit: Visit, link: LinkRow, entryId: string, name: string): Promise<void> {
  await use(context, visit, link, { kind: 'upload', entry: { entryId: ownId(parseEntryId, entryId), name } });
}

/** False where the link may not be used so any more. */
async function use(context: Context, visit: Visit, link: LinkRow, { kind, entry }: Used, secret?: string): Promise<boolean> {
  const nowMs = context.nowMs();
  const { tenantId, address } = visit;
  const useId = newId(nowMs);
  const counted = await context.database.transaction(tenantId, async (tx) => {
    const sql = kind === 'upload' ? countUpload : countDownload;
    const [row] = (await tx.query<LinkRow>(sql, [tenantId, link.linkId, new Date(nowMs)])).rows;
    if (row === undefined) return false;
    const until = secret === undefined ? [null, null] : [hashSecret(secret), new Date(nowMs + downloadMs)];
    const where = [entry.entryId, entry.rev ?? null, entry.name, address];
    tx.defer(insertUse, [tenantId, useId, link.linkId, kind, new Date(nowMs), ...where, ...until]);
    for (const sweeper of sweepers) tx.defer(sweeper, [tenantId, new Date(nowMs), sweptAtOnce]);
    linkUsed(tx, row, { useId, kind, entryId: entry.entryId });
    return true;
  });
  if (counted) context.metrics.uses.inc({ kind });
  return counted;
}
