import { constants, zstdCompressSync } from 'node:zlib';

/** How much of a chunk is tried. */
const probeBytes = 64 << 10;
/** Fewer bytes than this are sent as they are: the frame costs more than can be won. */
const smallestBytes = 64;
/** The probe must save a sixteenth, or the time of both ends is worth more than the bytes. */
const worthwhile = 15 / 16;

/** Whether zstd is worth its time, judged by the first 64 KiB (about 0.1 ms). */
export function compressionPays(bytes: Uint8Array): boolean {
  if (bytes.length < smallestBytes) return false;
  const probe = bytes.subarray(0, probeBytes);
  const packed = zstdCompressSync(probe, { pledgedSrcSize: probe.length, params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return packed.length < probe.length * worthwhile;
}
