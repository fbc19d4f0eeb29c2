import { createDecipheriv, hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdDecompress } from 'node:zlib';
import type { ZstdOptions } from 'node:zlib';
import { giveShared, isShared, openBytes } from '@driftbox/threads';
import { derivePackKey } from './data-key.ts';
import type { DataKey } from './data-key.ts';
import {
  decodeFooter,
  decodeHeader,
  decodeTrailer,
  footerContext,
  footerFrame,
  frameContext,
  headerBytes,
  maxPlainBytes,
  nonceOf,
  tagBytes,
  trailerBytes,
} from './pack-format.ts';
import type { FrameLocation } from './pack-format.ts';
import type { PackId } from './pack-id.ts';
import type { PackStore } from './pack-store.ts';
import { StoreError } from './store-error.ts';

const decompress = promisify<Uint8Array, ZstdOptions, Buffer>(zstdDecompress);

/** Stored bytes that one ranged read may fetch for several frames. */
const maxRunBytes = 16 << 20;
/** What is read of a pack's end at once: the footer of some 1,500 frames. */
const tailBytes = 64 << 10;

/**
 * A frame that was decrypted, and so proven to be what its writer sealed there, but not yet decompressed. Bytes in shared
 * memory have it to themselves and may be given back.
 */
export type EncodedFrame = { readonly location: FrameLocation; readonly bytes: Uint8Array };
/** What a pack's own footer says of it. */
export type PackIndex = {
  readonly packId: PackId;
  readonly generation: number;
  readonly sizeBytes: number;
  readonly frames: readonly FrameLocation[];
};

/** Reads one chunk: its plain bytes, digest verified. `StoreError`: `corrupt`, or what the store says. */
export async function readFrame(store: PackStore, key: DataKey, location: FrameLocation): Promise<Uint8Array> {
  const sealed = await store.read(location.packId, location);
  return decodeFrame({ location, bytes: openFrame(key, derivePackKey(key, location.packId), location, sealed) });
}

/** Reads chunks in the order asked, frames that lie one after another by one ranged read. Memory: one such read. */
export async function* readFrames(store: PackStore, key: DataKey, locations: readonly FrameLocation[]): AsyncGenerator<Uint8Array, void> {
  for await (const frame of readEncodedFrames(store, key, locations)) yield await decodeFrame(frame);
}

/** As `readFrames`, but answers the bytes as they were stored (raw or zstd), to be sent on as they are. */
export async function* readEncodedFrames(
  store: PackStore,
  key: DataKey,
  locations: readonly FrameLocation[],
): AsyncGenerator<EncodedFrame, void> {
  for (const run of runsOf(locations)) {
    const { packId, offset } = run.first;
    const bytes = await store.read(packId, { offset, length: run.end - offset });
    const packKey = derivePackKey(key, packId);
    if (run.locations.length === 1 && isShared(bytes)) {
      yield { location: run.first, bytes: await openBeside(key, packKey, run.first, bytes) };
      continue;
    }
    for (const location of run.locations) {
      const start = location.offset - offset;
      yield { location, bytes: openFrame(key, packKey, location, bytes.subarray(start, start + location.length)) };
    }
    giveShared(bytes);
  }
}

/** Decompresses a frame where it is compressed, and verifies size and digest. */
export async function decodeFrame({ location, bytes }: EncodedFrame): Promise<Uint8Array> {
  const plain = location.encoding === 'zstd' ? await inflate(bytes, location) : bytes;
  if (plain.length !== location.plainSize || hash('sha256', plain, 'hex') !== location.digest) throw damaged(location);
  return plain;
}

/**
 * Reads what a pack's encrypted footer lists, from the pack alone; so the index of a pool can be rebuilt. `keyOf` answers
 * the tenant's data key of the generation that the header names. `corrupt` also when the pack is another tenant's.
 */
export async function readIndex(
  store: PackStore,
  packId: PackId,
  keyOf: (generation: number) => DataKey | Promise<DataKey>,
): Promise<PackIndex> {
  const { sizeBytes } = await store.stat(packId);
  const generation = decodeHeader(await store.read(packId, { offset: 0, length: headerBytes }));
  const start = Math.max(headerBytes, sizeBytes - tailBytes);
  let tail = await store.read(packId, { offset: start, length: Math.max(0, sizeBytes - start) });
  const { footerLength, frames } = decodeTrailer(tail.subarray(-trailerBytes));
  const footerStart = sizeBytes - trailerBytes - footerLength;
  if (footerStart < headerBytes) throw new StoreError('corrupt', `pack ${packId} is shorter than its footer`);
  if (footerStart < start) tail = await store.read(packId, { offset: footerStart, length: sizeBytes - footerStart });
  const key = await keyOf(generation);
  const sealed = tail.subarray(-(footerLength + trailerBytes), -trailerBytes);
  const plain = unseal(derivePackKey(key, packId), footerFrame, footerContext(key, packId, frames), sealed, packId);
  const refs = decodeFooter(plain, footerStart - headerBytes);
  return { packId, generation, sizeBytes, frames: refs.map((ref) => ({ ...ref, packId, generation })) };
}

/** Decrypts one frame's stored bytes and proves that they are the frame that `location` describes. `corrupt`. */
function openFrame(key: DataKey, packKey: KeyObject, location: FrameLocation, sealed: Uint8Array): Uint8Array {
  return unseal(packKey, location.frame, contextOf(key, location, sealed), sealed, location.packId);
}

/** As `openFrame`, on a thread, in the place of the ciphertext. */
async function openBeside(key: DataKey, packKey: KeyObject, location: FrameLocation, sealed: Uint8Array): Promise<Uint8Array> {
  const context = contextOf(key, location, sealed);
  if (!(await openBytes(sealed, { key: packKey, nonce: nonceOf(location.frame), context })))
    throw new StoreError('corrupt', `pack ${location.packId} does not authenticate`);
  return sealed.subarray(0, -tagBytes);
}

/** What the frame is bound to. `corrupt` where the key or the bytes are not those that `location` speaks of. */
function contextOf(key: DataKey, location: FrameLocation, sealed: Uint8Array): Uint8Array {
  if (key.generation !== location.generation || sealed.length !== location.length) throw damaged(location);
  return frameContext(key, location.packId, location);
}

function unseal(key: KeyObject, nonce: number, context: Uint8Array, sealed: Uint8Array, packId: PackId): Uint8Array {
  if (sealed.length < tagBytes) throw new StoreError('corrupt', `pack ${packId} is cut off`);
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(nonce));
  decipher.setAAD(context);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const plain = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    decipher.final();
  } catch (error) {
    throw new StoreError('corrupt', `pack ${packId} does not authenticate`, { cause: error });
  }
  return plain;
}

async function inflate(bytes: Uint8Array, location: FrameLocation): Promise<Uint8Array> {
  if (location.plainSize < 1 || location.plainSize > maxPlainBytes) throw damaged(location);
  const params = { [constants.ZSTD_d_windowLogMax]: 25 };
  try {
    return await decompress(bytes, { params, maxOutputLength: location.plainSize, chunkSize: Math.max(1024, location.plainSize) });
  } catch (error) {
    throw new StoreError('corrupt', damaged(location).message, { cause: error });
  }
}

type Run = { readonly first: FrameLocation; readonly locations: FrameLocation[]; end: number };

/** Divides locations into runs that lie one after another in one pack. */
function* runsOf(locations: readonly FrameLocation[]): Generator<Run> {
  let run: Run | undefined;
  for (const location of locations) {
    const end = location.offset + location.length;
    const joins = run !== undefined && run.first.packId === location.packId && run.end === location.offset;
    if (run !== undefined && joins && end - run.first.offset <= maxRunBytes) {
      run.locations.push(location);
      run.end = end;
    } else {
      if (run !== undefined) yield run;
      run = { first: location, locations: [location], end };
    }
  }
  if (run !== undefined) yield run;
}

function damaged(location: FrameLocation): StoreError {
  return new StoreError('corrupt', `frame ${location.frame} of pack ${location.packId} is damaged`);
}
