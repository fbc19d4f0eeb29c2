import { decodeRoot, decodeSegment, type ChunkRef, type Digest, type SegmentRef } from '@driftbox/domain';
import { Problem, type AnswerOf, type Routes } from '@driftbox/protocol';
import { giveShared } from '@driftbox/threads';
import type { Context } from './context.ts';
import { coverRange, type Slice } from './cover-range.ts';
import { readSegments } from './metadata.ts';
import type { AtWork } from './possession.ts';
import { readAhead } from './read-ahead.ts';
import { unpack } from './read-plain.ts';
import { findDamaged } from './store/find-damaged.ts';
import { findPlaces, type Found } from './store/find-places.ts';
import { present } from './present.ts';

/** What metadata says a file consists of. */
export type Located = AnswerOf<Routes['locateContent']>;
/** On whose behalf a file is read; the signal ends it. */
export type Reading = AtWork & { readonly signal: AbortSignal };

/** Chunks whose places are looked up with one statement. */
const lookedUpAtOnce = 256;

/**
 * Bytes `start` to `end` (exclusive) of a located file. Each chunk is verified before a byte of it leaves. `recheck` runs at
 * the start of each chunk and stops the stream by throwing. What is known to be damaged is thrown as `content_damaged` before the first
 * byte, wherever it lies.
 */
export async function* readContent(
  context: Context,
  reading: Reading,
  file: Located,
  start: number,
  end: number,
  recheck: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const slices of slicesOf(context, reading, file, start, end)) {
    for (let from = 0; from < slices.length; from += lookedUpAtOnce) {
      const some = slices.slice(from, from + lookedUpAtOnce);
      const found = await findPlaces(context.database, reading.tenantId, digestsOf(some));
      if (isFirst && found.hasDamage) await tryDamaged(context, reading, file, start, end);
      isFirst = false;
      yield* readSlices(context, reading, some, found, recheck);
    }
  }
}

/** Reads once more what of a range is known to be damaged. One chunk alone is read before the first byte in any case. */
async function tryDamaged(context: Context, reading: Reading, file: Located, start: number, end: number): Promise<void> {
  const { database } = context;
  const { tenantId, signal } = reading;
  if (file.chunks !== undefined && coverRange(file.chunks, start, end).length <= 1) return;
  for await (const slices of slicesOf(context, reading, file, start, end)) {
    const { places } = await findPlaces(database, tenantId, await findDamaged(database, tenantId, digestsOf(slices)));
    for await (const { bytes } of readAhead(context, tenantId, [...places.values()], signal)) giveShared(bytes);
  }
}

function digestsOf(slices: readonly Slice<ChunkRef>[]): Digest[] {
  return [...new Set(slices.map(({ item }) => item.digest))];
}

/** The chunks of a range and what of them: at once for an inline list, segment by segment for a long one. */
async function* slicesOf(context: Context, reading: Reading, file: Located, start: number, end: number): AsyncGenerator<Slice<ChunkRef>[]> {
  if (file.chunks !== undefined) {
    yield coverRange(file.chunks, start, end);
    return;
  }
  const segments: readonly SegmentRef[] | undefined = decodeRoot(await block(context, reading, file.listId));
  if (segments === undefined) throw new Error('a chunk list has a root that is none');
  for (const { item, from, to } of coverRange(segments, start, end)) {
    const chunks = decodeSegment(await block(context, reading, item.digest));
    if (chunks === undefined) throw new Error('a chunk list has a segment that is none');
    yield coverRange(chunks, from, to);
  }
}

async function block(context: Context, reading: Reading, digest: Digest): Promise<Uint8Array> {
  const bytes = (await readSegments(context.metadata, reading, reading.drive, [digest])).get(digest);
  if (bytes === undefined) throw new Problem('not_found', 'The content is no longer there');
  return bytes;
}

async function* readSlices(
  context: Context,
  reading: Reading,
  slices: readonly Slice<ChunkRef>[],
  { places }: Found,
  recheck: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const chunks = slices.map(({ item: { digest } }) => {
    const place = places.get(digest);
    if (place === undefined)
      throw new Problem('content_damaged', 'Some of the bytes of this content are not in the pool', { details: { digest } });
    return place;
  });
  let index = 0;
  for await (const stored of readAhead(context, reading.tenantId, chunks, reading.signal)) {
    await recheck();
    const { from, to, item } = present(slices[index], 'no more chunks were read than asked for');
    const plain = await unpack(stored);
    if (plain.length !== item.sizeBytes) throw new Error(`a chunk has another size than its list says: ${item.digest}`);
    yield plain.subarray(from, to);
    index += 1;
  }
}
