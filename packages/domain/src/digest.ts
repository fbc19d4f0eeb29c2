import type { Brand } from './brand.ts';

/** The SHA-256 of plain bytes, as 64 lower-case hex digits: the name of a chunk, and of a chunk list's encoding. */
export type Digest = Brand<string, 'Digest'>;

/** Bytes in a SHA-256 digest. */
export const digestBytes = 32;

const hexDigest = /^[0-9a-f]{64}$/;

/** Answers the branded digest, or `undefined` unless `text` is 64 lower-case hex digits. */
export function parseDigest(text: string): Digest | undefined {
  return hexDigest.test(text) ? (text as Digest) : undefined;
}

/** SHA-256 as this package needs it: pure and synchronous, handed in by the caller because domain imports nothing. */
export type Hash = (bytes: Uint8Array) => Digest;

/** One chunk of a file: what it is called and how many plain bytes it holds (1 to `maxChunkBytes`). */
export type ChunkRef = { readonly digest: Digest; readonly sizeBytes: number };
