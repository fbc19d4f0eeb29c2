import { digestBytes, parseDigest } from '@driftbox/domain';
import type { Digest } from '@driftbox/domain';
import { FrameError, frameEncodings, frameKinds, maxFrameBases } from './frame.ts';
import type { Frame, FrameLimits } from './frame.ts';

/** `DBF` and the version of the layout. */
const magic = 0x44_42_46_01;

/** Bytes of a header without its bases. */
export const headerBytes = 16 + digestBytes;

/** Bytes of a header with them. */
export function headerLength(bases: number): number {
  return headerBytes + bases * digestBytes;
}

export type FrameHeader = Omit<Frame, 'payload'> & { readonly encodedSize: number };

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Writes a header (`docs/frames.md`); numbers are big-endian. */
export function encodeHeader(header: FrameHeader): Uint8Array {
  const bytes = new Uint8Array(headerLength(header.bases.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  bytes[4] = frameKinds.indexOf(header.kind) + 1;
  bytes[5] = frameEncodings.indexOf(header.encoding);
  bytes[6] = header.bases.length;
  view.setUint32(8, header.plainSize);
  view.setUint32(12, header.encodedSize);
  writeDigest(bytes, 16, header.digest);
  for (const [index, base] of header.bases.entries()) writeDigest(bytes, headerLength(index), base);
  return bytes;
}

/** Reads how many bases a header names, from its first `headerBytes`, so that the rest of it can be awaited. */
export function readBaseCount(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== magic) throw new FrameError('malformed', 'a frame begins with DBF and 1');
  const count = view.getUint8(6);
  if (count > maxFrameBases) throw new FrameError('oversized', `a frame has at most ${maxFrameBases} bases`);
  return count;
}

/** Reads a whole header. Throws `FrameError` for what no encoder writes, and for what is beyond `limits`. */
export function decodeHeader(bytes: Uint8Array, limits: FrameLimits): FrameHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = readBaseCount(bytes);
  const kind = frameKinds[view.getUint8(4) - 1];
  const encoding = frameEncodings[view.getUint8(5)];
  if (kind === undefined || encoding === undefined || bytes[7] !== 0)
    throw new FrameError('malformed', 'unknown kind or encoding of a frame');
  const plainSize = view.getUint32(8);
  const encodedSize = view.getUint32(12);
  const digest = readDigest(bytes, 16);
  const bases = Array.from({ length: count }, (_, index) => readDigest(bytes, headerLength(index)));
  const header: FrameHeader = { kind, digest, plainSize, encoding, bases, encodedSize };
  checkHeader(header, limits);
  return header;
}

/** The rules of form that both ends hold to. */
export function checkHeader(header: FrameHeader, limits: FrameLimits): void {
  const { kind, encoding, bases, plainSize, encodedSize } = header;
  if (plainSize > limits.maxPlainBytes || encodedSize > limits.maxEncodedBytes)
    throw new FrameError('oversized', 'a frame beyond the limit');
  if (plainSize === 0 || encodedSize === 0) throw new FrameError('malformed', 'a frame without bytes');
  if (encoding === 'raw' && plainSize !== encodedSize) throw new FrameError('malformed', 'a raw frame whose sizes differ');
  if ((encoding === 'delta') !== bases.length > 0) throw new FrameError('malformed', 'bases belong to deltas, and deltas have some');
  if (bases.length > maxFrameBases) throw new FrameError('oversized', `a frame has at most ${maxFrameBases} bases`);
  if (kind === 'commit' && encoding === 'delta') throw new FrameError('malformed', 'a commit is no delta');
}

function writeDigest(bytes: Uint8Array, at: number, digest: Digest): void {
  for (let byte = 0; byte < digestBytes; byte += 1) bytes[at + byte] = Number.parseInt(digest.slice(2 * byte, 2 * byte + 2), 16);
}

function readDigest(bytes: Uint8Array, at: number): Digest {
  let hex = '';
  for (const byte of bytes.subarray(at, at + digestBytes)) hex += hexOf[byte];
  const digest = parseDigest(hex);
  if (digest === undefined) throw new FrameError('malformed', 'a digest has 32 bytes');
  return digest;
}
