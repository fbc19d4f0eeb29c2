import { encodeForWire, type Base } from '@driftbox/chunking';
import type { StoredChunk } from '@driftbox/chunk-store';
import type { Digest } from '@driftbox/domain';
import { encodeFrame, Problem, type Frame } from '@driftbox/protocol';
import { giveShared } from '@driftbox/threads';
import { beginStream } from './begin-stream.ts';
import type { Context } from './context.ts';
import { damageOf } from './damage.ts';
import { readSegments } from './metadata.ts';
import { findPossessed, type AtWork } from './possession.ts';
import { readAhead } from './read-ahead.ts';
import { readPlain, unpack } from './read-plain.ts';
import { findPlaces } from './store/find-places.ts';
import type { Place } from './place.ts';
import { present } from './present.ts';

/** Chunks to send, in this order, and for each the chunks that the caller holds and a delta may be against. */
export type FetchRequest = { readonly digests: readonly Digest[]; readonly have: ReadonlyMap<Digest, readonly Digest[]> };

/** List blocks that one request reads as bases. */
const maxListBases = 1_000;

/**
 * The frames of what was asked for, in that order; deltas against what the caller says to hold where they are smaller.
 * Only what the drive possesses is read or serves as a base. Everything is looked up before the first byte is sent:
 * throws `chunk_missing` with what the drive does not possess, and `content_damaged` where what comes first cannot be read; damage further
 * on breaks the stream off.
 */
export async function fetchChunks(
  context: Context,
  work: AtWork & { readonly signal: AbortSignal },
  request: FetchRequest,
): Promise<AsyncIterable<Uint8Array>> {
  const named = [...new Set([...request.digests, ...[...request.have.values()].flat()])];
  const [possessed, found] = await Promise.all([
    findPossessed(context, work, 'read', named),
    findPlaces(context.database, work.tenantId, named),
  ]);
  const placeOf = (digest: Digest): Place | undefined => (possessed.has(digest) ? found.places.get(digest) : undefined);
  const others = request.digests.filter((digest) => possessed.has(digest) && placeOf(digest) === undefined);
  const bases = others.flatMap((digest) => request.have.get(digest) ?? []).filter((digest) => possessed.has(digest));
  const wanted = [...new Set(others), ...new Set(bases.slice(0, maxListBases))];
  const blocks =
    others.length === 0 ? new Map<Digest, Uint8Array>() : await readSegments(context.metadata, work, work.drive, [...new Set(wanted)]);
  const missing = request.digests.filter((digest) => placeOf(digest) === undefined && !blocks.has(digest));
  if (missing.length > 0) throw new Problem('chunk_missing', undefined, { details: { digests: missing } });
  return beginStream(send(context, work, request, placeOf, blocks));
}

async function* send(
  context: Context,
  work: AtWork & { readonly signal: AbortSignal },
  request: FetchRequest,
  placeOf: (digest: Digest) => Place | undefined,
  blocks: ReadonlyMap<Digest, Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const chunks = request.digests
    .filter((digest) => !blocks.has(digest))
    .map((digest) => present(placeOf(digest), 'what was not missing has a place'));
  const stored = readAhead(context, work.tenantId, chunks, work.signal);
  try {
    for (const digest of request.digests) {
      const block = blocks.get(digest);
      if (block !== undefined) {
        yield* encodeFrame(await listFrame(digest, block, request.have.get(digest) ?? [], blocks));
        continue;
      }
      const next = await stored.next();
      if (next.done === true) throw new Error('the pool answered fewer chunks than were asked for');
      const bases = (request.have.get(digest) ?? []).map(placeOf).filter((place) => place !== undefined);
      yield* encodeFrame((await asDelta(context, work, next.value, bases)) ?? plainFrame(next.value));
    }
  } finally {
    await stored.return(undefined);
  }
}

async function listFrame(
  digest: Digest,
  block: Uint8Array,
  have: readonly Digest[],
  blocks: ReadonlyMap<Digest, Uint8Array>,
): Promise<Frame> {
  const bases = have.flatMap((base) => {
    const bytes = blocks.get(base);
    return bytes === undefined ? [] : [{ digest: base, bytes }];
  });
  const encoded = await encodeForWire(block, bases);
  return { kind: 'list', digest, plainSize: block.length, encoding: encoded.encoding, bases: encoded.bases, payload: encoded.bytes };
}

function plainFrame({ digest, plainSize, encoding, bytes }: StoredChunk): Frame {
  return { kind: 'chunk', digest, plainSize, encoding, bases: [], payload: bytes };
}

/** The chunk as a delta, or `undefined` where that is not smaller, a base is damaged, or there is no memory or codec to try. */
async function asDelta(context: Context, work: AtWork, chunk: StoredChunk, bases: readonly Place[]): Promise<Frame | undefined> {
  if (bases.length === 0) return undefined;
  const bytes = bases.reduce((sum, place) => sum + place.plainSize, 0);
  if (bytes > 16 << 20 || !context.sending.tryTake(bytes)) return undefined;
  try {
    const plains = await readPlain(context.pool, work.tenantId, bases).catch(unlessDamaged);
    if (plains === undefined) return undefined;
    const known = plains.map((plain, index): Base => ({
      digest: present(bases[index], 'as many bases were read as were asked for').digest,
      bytes: plain,
    }));
    const encoded = await encodeForWire(await unpack(chunk), known);
    plains.forEach(giveShared);
    if (encoded.encoding !== 'delta' || encoded.bytes.length >= chunk.bytes.length) return undefined;
    giveShared(chunk.bytes);
    return {
      kind: 'chunk',
      digest: chunk.digest,
      plainSize: chunk.plainSize,
      encoding: 'delta',
      bases: encoded.bases,
      payload: encoded.bytes,
    };
  } finally {
    context.sending.release(bytes);
  }
}

/** Nothing, where stored bytes are damaged; throws any other failure. */
function unlessDamaged(error: unknown): undefined {
  if (damageOf(error) === undefined) throw error;
}
