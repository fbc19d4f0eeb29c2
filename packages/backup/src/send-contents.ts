import { readEncodedFrames, type FrameLocation } from '@driftbox/chunk-store';
import type { Digest, TenantId } from '@driftbox/domain';
import { encodeFrame, routes } from '@driftbox/protocol';
import { BackupDamaged } from './backup-damaged.ts';
import { isDamage, type BackupIndex } from './backup-index.ts';
import type { Cell } from './cell.ts';
import type { Destination } from './destination.ts';

const bodyBytes = 24 << 20;
const bodyFrames = 2_000;

/** Sends chunks of a backup into a tenant's pool, which verifies each. Answers their plain bytes. Throws `BackupDamaged`. */
export async function sendContents(
  cell: Cell,
  destination: Destination,
  { index, tenantId, signal }: { readonly index: BackupIndex; readonly tenantId: TenantId; readonly signal: AbortSignal },
  digests: readonly Digest[],
): Promise<number> {
  const lacking = digests.filter((digest) => !index.has(digest));
  if (lacking.length > 0) throw new BackupDamaged(lacking);
  const locations = digests.map((digest) => index.get(digest)).filter((location) => location !== undefined);
  // Those of one pack together, in the order in which they lie, so that one read fetches many.
  locations.sort((a, b) => (a.packId === b.packId ? a.offset - b.offset : a.packId < b.packId ? -1 : 1));
  let bytes = 0;
  for (const some of bodiesOf(locations)) {
    const body: Uint8Array[] = [];
    for (const pack of packsOf(some)) {
      try {
        for await (const { location, bytes: payload } of readEncodedFrames(destination.packs, destination.key, pack)) {
          const { digest, plainSize, encoding } = location;
          body.push(...encodeFrame({ kind: 'chunk', digest, plainSize, encoding, bases: [], payload }));
          bytes += plainSize;
        }
      } catch (cause) {
        if (!isDamage(cause)) throw cause;
        throw new BackupDamaged(
          pack.map(({ digest }) => digest),
          { cause },
        );
      }
    }
    await cell('upload', tenantId)
      .stream(routes.writeTenantChunks, { params: { tenant: tenantId }, body, signal })
      .then((answer) => answer.json());
  }
  return bytes;
}

function* bodiesOf(locations: readonly FrameLocation[]): Generator<FrameLocation[]> {
  let [open, size]: [FrameLocation[], number] = [[], 0];
  for (const location of locations) {
    if (open.length > 0 && (size + location.length > bodyBytes || open.length >= bodyFrames)) {
      yield open;
      [open, size] = [[], 0];
    }
    open.push(location);
    size += location.length;
  }
  if (open.length > 0) yield open;
}

function packsOf(locations: readonly FrameLocation[]): FrameLocation[][] {
  return [...Map.groupBy(locations, ({ packId }) => packId).values()];
}
