import type { Digest, DriveId, EntryId, TenantId } from '@driftbox/domain';
import { routes } from '@driftbox/protocol';
import type { Context } from '../context.ts';
import { findPlaces } from '../store/find-places.ts';
import { listDamage } from '../store/record-scrub.ts';
import { readGroup } from './scrub-pack.ts';

const pageSize = 500;
/** Damaged chunks of a tenant that are looked at: where there are more, the pool is what has to be seen to. */
const mostLookedAt = 5_000;

/** Revisions of a drive with chunks that are known to be damaged, each of which was read once more. */
export async function damagedIn(
  context: Context,
  tenantId: TenantId,
  drive: DriveId,
  signal: AbortSignal,
): Promise<{ entryId: EntryId; rev: number }[]> {
  const { database, metadata } = context;
  const found: { entryId: EntryId; rev: number }[] = [];
  let after: Digest | undefined;
  for (let seen = 0; seen < mostLookedAt; seen += pageSize) {
    const page = (await listDamage(database, tenantId, after, pageSize)).map(({ digest }) => digest);
    if (page.length === 0) break;
    const body = { digests: page };
    const { revisions } = await metadata.client.call(routes.findAffected, { ...metadata.as({ tenantId, signal }), body });
    const here = Map.groupBy(
      revisions.filter((revision) => revision.drive === drive),
      ({ digest }) => digest,
    );
    const { places } = await findPlaces(database, tenantId, [...here.keys()]);
    for (const [digest, affected] of here) {
      const place = places.get(digest);
      if (place !== undefined && (await readGroup(context, tenantId, [place], signal)) === undefined) continue;
      found.push(...affected.map(({ entryId, rev }) => ({ entryId, rev })));
    }
    after = page.at(-1);
  }
  return found;
}
