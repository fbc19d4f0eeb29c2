import { decodeFromWire } from '@driftbox/chunking';
import type { StoredChunk } from '@driftbox/chunk-store';
import { decodeRoot, decodeSegment, type Digest } from '@driftbox/domain';
import { Problem, type Frame } from '@driftbox/protocol';
import { digestBytes, giveShared } from '@driftbox/threads';
import type { Context } from './context.ts';
import { damageOf } from './damage.ts';
import { encodeStored } from './encode-stored.ts';
import { storeSegments } from './metadata.ts';
import { findPossessed } from './possession.ts';
import { readPlain } from './read-plain.ts';
import type { Place } from './place.ts';
import type { Received, ReceiveResult, Receiving } from './receive-frames.ts';
import { storeAnew, damagedAmong } from './store-anew.ts';
import { addProofs } from './store/add-proofs.ts';
import { findPlaces, type Found } from './store/find-places.ts';
import { reviveChunks } from './store/revive-chunks.ts';
import { present } from './present.ts';

/** What this batch may lean on: what the drive possesses, and where the tenant's chunks lie. */
type Ground = { readonly possessed: Set<Digest>; readonly found: Found; readonly damaged: ReadonlySet<Digest> };

/** Frames verified side by side: enough to keep the codec's threads busy. */
const atOnce = 4;

/** Verifies the frames of a batch, stores what is not in the pool, forwards list blocks, and keeps the proofs. */
export async function receiveBatch(context: Context, receiving: Receiving, received: Received, frames: readonly Frame[]): Promise<void> {
  const ground = await readGround(context, receiving, received, frames);
  const toStore = new Map<Digest, StoredChunk>();
  const toStoreAnew = new Map<Digest, StoredChunk>();
  const blocks: { digest: Digest; bytes: Uint8Array }[] = [];
  const proven = new Set<Digest>();
  const condemned = new Map<Digest, { readonly frame: Frame; readonly plain: Uint8Array }>();
  let imitate = false;
  const results: ReceiveResult[] = [];
  for (let from = 0; from < frames.length; from += atOnce) {
    const some = frames.slice(from, from + atOnce);
    const plains = await Promise.all(some.map((frame) => unfold(context, receiving, ground, frame)));
    for (const [index, frame] of some.entries()) {
      const plain = present(plains[index], 'every frame was unfolded');
      if (typeof plain === 'string') {
        results.push(plain);
        continue;
      }
      const { digest } = frame;
      results.push(ground.possessed.has(digest) ? 'already' : 'stored');
      proven.add(digest);
      countChunk(context, frame, plain, ground.found.places.has(digest));
      if (frame.kind === 'list') blocks.push({ digest, bytes: plain });
      else if (ground.damaged.has(digest)) toStoreAnew.set(digest, await encodeStored(frame, plain));
      else if (ground.found.condemned.has(digest)) condemned.set(digest, { frame, plain });
      else if (!ground.found.places.has(digest)) toStore.set(digest, await encodeStored(frame, plain));
      else imitate ||= !ground.possessed.has(digest);
    }
  }
  await Promise.all([
    store(context, receiving, [...toStore.values()], imitate),
    storeAnew(context, receiving.tenantId, [...toStoreAnew.values()]),
    revive(context, receiving, condemned),
    storeSegments(context.metadata, receiving, receiving.drive, receiving.uploadId, blocks),
  ]);
  await keepProofs(
    context,
    receiving,
    [...proven].filter((digest) => !ground.possessed.has(digest)),
  );
  for (const digest of proven) received.proven.add(digest);
  for (const { digest } of blocks) received.blocks.add(digest);
  for (const [index, frame] of frames.entries())
    received.results.push({ digest: frame.digest, result: present(results[index], 'every frame has a result') });
}

function countChunk({ metrics }: Context, { kind, encoding, payload }: Frame, plain: Uint8Array, known: boolean): void {
  if (kind !== 'chunk') return;
  metrics.received.inc({ outcome: known ? 'known' : 'stored' });
  metrics.bytes.inc({ encoding, form: 'wire' }, payload.byteLength);
  metrics.bytes.inc({ encoding, form: 'plain' }, plain.byteLength);
}

async function readGround(context: Context, receiving: Receiving, received: Received, frames: readonly Frame[]): Promise<Ground> {
  const named = [...new Set(frames.flatMap((frame) => [frame.digest, ...frame.bases]))];
  const [possessed, found] = await Promise.all([
    findPossessed(context, receiving, 'write', named),
    findPlaces(context.database, receiving.tenantId, named),
  ]);
  for (const digest of named) if (received.proven.has(digest)) possessed.add(digest);
  return { possessed, found, damaged: await damagedAmong(context, receiving.tenantId, found) };
}

/** The verified plain bytes of a frame, or why there are none. */
async function unfold(
  context: Context,
  receiving: Receiving,
  ground: Ground,
  frame: Frame,
): Promise<Uint8Array | 'digest_mismatch' | 'base_missing'> {
  if (frame.kind === 'list') return unfoldList(frame);
  const bases = frame.bases.map((digest) => (ground.possessed.has(digest) ? ground.found.places.get(digest) : undefined));
  if (!bases.every((base) => base !== undefined)) return 'base_missing';
  const plainBases = bases.length === 0 ? [] : await readBases(context, receiving, bases);
  if (plainBases === undefined) return 'base_missing';
  const decoded = await decodeFromWire(frame, frame.payload, plainBases, { digest: digestBytes });
  plainBases.forEach(giveShared);
  if (decoded.ok) return decoded.bytes;
  // Bases that cannot serve, and a decoder that has no time, have one cure: the whole chunk.
  return decoded.reason === 'bases_refused' || decoded.reason === 'busy' ? 'base_missing' : 'digest_mismatch';
}

/** `undefined`: one of them is damaged, and cannot serve. */
async function readBases({ pool }: Context, { tenantId }: Receiving, bases: readonly Place[]): Promise<Uint8Array[] | undefined> {
  try {
    return await readPlain(pool, tenantId, bases);
  } catch (error) {
    if (damageOf(error) === undefined) throw error;
    return undefined;
  }
}

async function unfoldList(frame: Frame): Promise<Uint8Array | 'digest_mismatch'> {
  const decoded = frame.encoding === 'delta' ? undefined : await decodeFromWire(frame, frame.payload);
  if (decoded?.ok !== true) return 'digest_mismatch';
  if (decodeRoot(decoded.bytes) === undefined && decodeSegment(decoded.bytes) === undefined) {
    throw new Problem('invalid_argument', 'A list frame is neither a segment nor a root');
  }
  return decoded.bytes;
}

/** Takes condemnations back; what was deleted meanwhile is stored like anything new. */
async function revive(
  context: Context,
  receiving: Receiving,
  condemned: ReadonlyMap<Digest, { readonly frame: Frame; readonly plain: Uint8Array }>,
): Promise<void> {
  const revived = await reviveChunks(context.database, receiving.tenantId, [...condemned.keys()]);
  const deleted = [...condemned].filter(([digest]) => !revived.has(digest));
  await store(context, receiving, await Promise.all(deleted.map(([, { frame, plain }]) => encodeStored(frame, plain))), false);
}

async function store(context: Context, receiving: Receiving, chunks: readonly StoredChunk[], imitate: boolean): Promise<void> {
  if (chunks.length > 0) {
    const startMs = performance.now();
    await context.pool.store(receiving.tenantId, chunks);
    context.timing.observe(performance.now() - startMs);
  } else if (imitate) await context.timing.imitate(receiving.signal);
}

async function keepProofs(context: Context, receiving: Receiving, digests: readonly Digest[]): Promise<void> {
  if (!receiving.keepProofs) return;
  const { tenantId, drive, uploadId, actor } = receiving;
  const kept = await addProofs(context.database, { tenantId, drive, uploadId, userId: actor.userId }, digests);
  if (!kept) throw new Problem('not_found', 'The upload was closed');
}
