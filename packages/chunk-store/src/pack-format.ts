import { strict as assert } from 'node:assert';
import type { Digest } from '@driftbox/domain';
import type { DataKey } from './data-key.ts';
import type { PackId } from './pack-id.ts';
import { StoreError } from './store-error.ts';

/** How a frame's plain bytes are kept. */
export type StoredEncoding = 'raw' | 'zstd';
/** What a frame holds and where in its pack: `length` stored bytes from `offset`, tag included. */
export type FrameRef = {
  /** Its place in the pack, from 0; its nonce. */
  readonly frame: number;
  readonly offset: number;
  readonly length: number;
  readonly digest: Digest;
  readonly plainSize: number;
  readonly encoding: StoredEncoding;
};
/** All that is needed, besides the data key, to read a frame. */
export type FrameLocation = FrameRef & { readonly packId: PackId; readonly generation: number };

/** docs/pack-format.md, format 1. All integers are unsigned and big-endian. */
export const packFormat = 1;
export const headerBytes = 12;
export const tagBytes = 16;
export const trailerBytes = 8;
/** Bytes of one frame in the footer. */
const entryBytes = 41;
/** Frames of one pack, at most; keeps a footer under 700 kB. */
export const maxFrames = 16_384;
/** Stored bytes of the frames that are gathered in one pack, at most; a single larger frame is a pack alone. */
export const maxGatheredBytes: number = 16 << 20;
/** Plain bytes of a chunk, at most. */
export const maxPlainBytes: number = 8 << 20;
/** The nonce of the footer: one that no frame can have. */
export const footerFrame = 0xffffffff;

const magic = Buffer.from('DBXPACK');
const trailerMagic = Buffer.from('DBXE');
const encodings: readonly StoredEncoding[] = ['raw', 'zstd'];

/** Names format and generation, and nothing else. */
export function encodeHeader(generation: number): Uint8Array {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeUInt8(packFormat, 7);
  header.writeUInt32BE(generation, 8);
  return header;
}

/** Answers the generation. `corrupt` for anything that is no header of a known format. */
export function decodeHeader(bytes: Uint8Array): number {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (header.length < headerBytes || !header.subarray(0, 7).equals(magic)) throw new StoreError('corrupt', 'not a pack');
  if (header.readUInt8(7) !== packFormat) throw new StoreError('corrupt', `unknown pack format ${header.readUInt8(7)}`);
  return header.readUInt32BE(8);
}

/** The counter nonce of a frame, or of the footer. */
export function nonceOf(frame: number): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(frame, 8);
  return nonce;
}

/** What a frame's ciphertext is bound to. */
export function frameContext(key: DataKey, pack: PackId, ref: Omit<FrameRef, 'offset'>): Uint8Array {
  return Buffer.concat([contextStart('frame', key, pack, ref.frame), encodeEntry(ref)]);
}

/** What the footer's ciphertext is bound to. */
export function footerContext(key: DataKey, pack: PackId, frames: number): Uint8Array {
  return contextStart('footer', key, pack, frames);
}

function contextStart(kind: 'frame' | 'footer', key: DataKey, pack: PackId, count: number): Uint8Array {
  const numbers = Buffer.alloc(10);
  numbers.writeUInt8(packFormat, 0);
  numbers.writeUInt8(kind === 'frame' ? 0 : 1, 1);
  numbers.writeUInt32BE(key.generation, 2);
  numbers.writeUInt32BE(count, 6);
  const tenant = Buffer.from(key.tenant.replaceAll('-', ''), 'hex');
  assert(tenant.length === 16, 'a tenant id is a UUID');
  return Buffer.concat([magic, numbers, tenant, Buffer.from(pack, 'hex')]);
}

function encodeEntry(ref: Omit<FrameRef, 'offset' | 'frame'>): Uint8Array {
  const entry = Buffer.alloc(entryBytes);
  entry.write(ref.digest, 0, 'hex');
  entry.writeUInt8(encodings.indexOf(ref.encoding), 32);
  entry.writeUInt32BE(ref.plainSize, 33);
  entry.writeUInt32BE(ref.length, 37);
  return entry;
}

/** The plain footer: one entry per frame, in order. Offsets follow from the lengths. */
export function encodeFooter(frames: readonly FrameRef[]): Uint8Array {
  return Buffer.concat(frames.map(encodeEntry));
}

/** The inverse of `encodeFooter`. `corrupt` unless the frames fill exactly the `frameBytes` between header and footer. */
export function decodeFooter(plain: Uint8Array, frameBytes: number): FrameRef[] {
  const footer = Buffer.from(plain.buffer, plain.byteOffset, plain.length);
  const frames: FrameRef[] = [];
  let offset = headerBytes;
  for (let at = 0; at + entryBytes <= footer.length; at += entryBytes) {
    const encoding = encodings[footer.readUInt8(at + 32)];
    const length = footer.readUInt32BE(at + 37);
    if (encoding === undefined) throw new StoreError('corrupt', 'a footer names an unknown encoding');
    const digest = footer.toString('hex', at, at + 32) as Digest;
    frames.push({ frame: frames.length, offset, length, digest, plainSize: footer.readUInt32BE(at + 33), encoding });
    offset += length;
  }
  if (offset !== headerBytes + frameBytes) throw new StoreError('corrupt', 'a footer does not match its frames');
  return frames;
}

/** Says how long the sealed footer before it is. */
export function encodeTrailer(footerLength: number): Uint8Array {
  const trailer = Buffer.alloc(trailerBytes);
  trailer.writeUInt32BE(footerLength, 0);
  trailerMagic.copy(trailer, 4);
  return trailer;
}

/** Answers the length of the sealed footer and how many frames it must list. `corrupt` for anything else. */
export function decodeTrailer(bytes: Uint8Array): { readonly footerLength: number; readonly frames: number } {
  const trailer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (trailer.length !== trailerBytes || !trailer.subarray(4).equals(trailerMagic)) throw new StoreError('corrupt', 'a pack has no end');
  const footerLength = trailer.readUInt32BE(0);
  const frames = (footerLength - tagBytes) / entryBytes;
  if (!Number.isInteger(frames) || frames < 1 || frames > maxFrames) throw new StoreError('corrupt', 'a footer has an impossible length');
  return { footerLength, frames };
}
