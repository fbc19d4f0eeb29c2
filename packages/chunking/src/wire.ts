import type { Digest } from '@driftbox/domain';
import { compressionPays } from './compression-pays.ts';
import { processSlots } from './codec-slots.ts';
import type { CodecSlots } from './codec-slots.ts';
import { decodeDelta, encodeDelta } from './delta.ts';
import type { Decoded } from './delta.ts';
import { digestOf } from './digest.ts';
import { maxChunkBytes } from './scheme.ts';
import { compress, decompress } from './zstd.ts';

/** How a chunk's bytes travel. */
export type WireEncoding = 'raw' | 'zstd' | 'delta';
/** A chunk that the receiver holds already. */
export type Base = { readonly digest: Digest; readonly bytes: Uint8Array };
/** A chunk as it travels. `bases` is empty unless `encoding` is `delta`; `raw` shares the memory of the chunk. */
export type Encoded = { readonly encoding: WireEncoding; readonly bytes: Uint8Array; readonly bases: readonly Digest[] };

/** How a process decodes: its codec slots, and what hashes (by default this thread). */
export type WireCodec = { readonly slots?: CodecSlots; readonly digest?: (bytes: Uint8Array) => string | Promise<string> };

/** Picks the cheapest way to send a chunk: a delta where it is smaller, zstd where a probe says it pays, else as it is. */
export async function encodeForWire(chunk: Uint8Array, bases: readonly Base[] = [], slots: CodecSlots = processSlots): Promise<Encoded> {
  if (bases.length > 0) {
    const delta = await encodeDelta(
      chunk,
      bases.map((base) => base.bytes),
      slots,
    );
    if (delta !== undefined) return { encoding: 'delta', bytes: delta, bases: bases.map((base) => base.digest) };
  }
  if (compressionPays(chunk)) {
    const bytes = await compress(chunk);
    if (bytes.length < chunk.length) return { encoding: 'zstd', bytes, bases: [] };
  }
  return { encoding: 'raw', bytes: chunk, bases: [] };
}

/**
 * The inverse: the verified plain bytes, or why there are none. `bases` are the plain bytes of the digests that the
 * sender named, in that order. `raw` bytes are verified and answered without a copy.
 */
export async function decodeFromWire(
  frame: { readonly encoding: WireEncoding; readonly digest: Digest; readonly plainSize: number },
  bytes: Uint8Array,
  bases: readonly Uint8Array[] = [],
  codec: WireCodec = {},
): Promise<Decoded> {
  const { slots = processSlots, digest = digestOf } = codec;
  if (frame.encoding === 'delta') return decodeDelta(bytes, bases, frame, slots);
  const plain = frame.encoding === 'zstd' ? await decompress(bytes, frame.plainSize) : bytes;
  if (plain === undefined || plain.length !== frame.plainSize || plain.length > maxChunkBytes) return { ok: false, reason: 'corrupt' };
  return (await digest(plain)) === frame.digest ? { ok: true, bytes: plain } : { ok: false, reason: 'digest_mismatch' };
}
