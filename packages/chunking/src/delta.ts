import type { Digest } from '@driftbox/domain';
import { digestOf } from './digest.ts';
import { processSlots } from './codec-slots.ts';
import type { CodecSlots } from './codec-slots.ts';
import { maxChunkBytes } from './scheme.ts';
import { compress, decompress } from './zstd.ts';

/** The most base chunks of one delta, and the most bytes of them together. */
export const maxBases = 4;
export const maxBaseBytes: number = 16 << 20;

/** zstd's own dictionary format begins with this; raw content that does so would be parsed instead, and fail to load. */
const dictionaryMagic = Uint8Array.of(0x37, 0xa4, 0x30, 0xec);

/** Why encoded bytes did not become the chunk they were said to be. `busy`: too many decoders are waiting, ask again. */
export type DecodeFailure = 'corrupt' | 'digest_mismatch' | 'bases_refused' | 'busy';
/** The outcome of decoding: verified plain bytes, or why not. */
export type Decoded = { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly reason: DecodeFailure };

/** The bases as one dictionary, in the order given; `undefined` where they cannot serve as one. */
function dictionaryOf(bases: readonly Uint8Array[]): Uint8Array | undefined {
  if (bases.length === 0 || bases.length > maxBases) return undefined;
  if (bases.reduce((sum, base) => sum + base.length, 0) > maxBaseBytes) return undefined;
  const [only, ...others] = bases;
  const dictionary = only !== undefined && others.length === 0 ? only : Buffer.concat(bases);
  return dictionaryMagic.every((byte, at) => dictionary[at] === byte) ? undefined : dictionary;
}

/**
 * Expresses `chunk` against `bases` (whole plain chunks, in the order that the receiver will be told). `undefined` says:
 * send it plain, because it would not be smaller, the bases cannot serve, or no codec slot is free.
 */
export async function encodeDelta(
  chunk: Uint8Array,
  bases: readonly Uint8Array[],
  slots: CodecSlots = processSlots,
): Promise<Uint8Array | undefined> {
  if (chunk.length === 0 || chunk.length > maxChunkBytes || !slots.tryTake()) return undefined;
  try {
    const dictionary = dictionaryOf(bases);
    if (dictionary === undefined) return undefined;
    const delta = await compress(chunk, dictionary);
    return delta.length < chunk.length ? delta : undefined;
  } finally {
    slots.release();
  }
}

/** Rebuilds a chunk of `plainSize` bytes from its delta and the same bases in the same order, and verifies its digest. */
export async function decodeDelta(
  delta: Uint8Array,
  bases: readonly Uint8Array[],
  expected: { readonly digest: Digest; readonly plainSize: number },
  slots: CodecSlots = processSlots,
): Promise<Decoded> {
  if (!(await slots.take())) return { ok: false, reason: 'busy' };
  try {
    const dictionary = dictionaryOf(bases);
    if (dictionary === undefined) return { ok: false, reason: 'bases_refused' };
    const bytes = await decompress(delta, expected.plainSize, dictionary);
    if (bytes === undefined) return { ok: false, reason: 'corrupt' };
    return digestOf(bytes) === expected.digest ? { ok: true, bytes } : { ok: false, reason: 'digest_mismatch' };
  } finally {
    slots.release();
  }
}
