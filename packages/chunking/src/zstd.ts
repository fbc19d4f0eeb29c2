import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { ZstdOptions } from 'node:zlib';
import { maxChunkBytes } from './scheme.ts';

const compressAsync = promisify<Uint8Array, ZstdOptions, Buffer>(zstdCompress);
const decompressAsync = promisify<Uint8Array, ZstdOptions, Buffer>(zstdDecompress);

/** The window of deltas, and the largest that a decoder here accepts: 2^25 bytes hold 16 MiB of bases and a chunk. */
const windowLog = 25;

const plainParams = { [constants.ZSTD_c_compressionLevel]: 1 };

/** With the default `hashLog` only the last MiB of a dictionary is indexed; long-distance matching (2 = off) spoils real deltas. */
const deltaParams = {
  ...plainParams,
  [constants.ZSTD_c_windowLog]: windowLog,
  [constants.ZSTD_c_hashLog]: 22,
  [constants.ZSTD_c_chainLog]: 22,
  [constants.ZSTD_c_enableLongDistanceMatching]: 2,
};

/** Output buffers of an encoder: large enough for few turns, small enough for a delta of a few bytes. */
const stepBytes = 64 << 10;

/** zstd at level 1, in the thread pool. `dictionary` is raw content (delta); it must not begin with zstd's magic. */
export function compress(bytes: Uint8Array, dictionary?: Uint8Array): Promise<Uint8Array> {
  if (dictionary === undefined) return compressAsync(bytes, { params: plainParams, pledgedSrcSize: bytes.length, chunkSize: stepBytes });
  return compressAsync(bytes, { params: deltaParams, dictionary, pledgedSrcSize: bytes.length, chunkSize: stepBytes });
}

/**
 * Answers the plain bytes if there are exactly `plainSize` of them, else `undefined`: for bytes that are no zstd, that need
 * a larger window, or that unfold into more. Never holds more than `plainSize` bytes of output.
 */
export async function decompress(bytes: Uint8Array, plainSize: number, dictionary?: Uint8Array): Promise<Uint8Array | undefined> {
  if (plainSize < 1 || plainSize > maxChunkBytes) return undefined;
  const options: ZstdOptions = {
    params: { [constants.ZSTD_d_windowLogMax]: windowLog },
    maxOutputLength: plainSize,
    chunkSize: Math.max(1024, plainSize),
    ...(dictionary === undefined ? {} : { dictionary }),
  };
  try {
    const plain = await decompressAsync(bytes, options);
    return plain.length === plainSize ? plain : undefined;
  } catch {
    return undefined;
  }
}
