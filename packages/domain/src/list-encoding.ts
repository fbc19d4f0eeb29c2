import type { SegmentRef } from './chunk-list.ts';
import { segmentChunks } from './cut-segments.ts';
import { digestBytes, parseDigest } from './digest.ts';
import type { ChunkRef, Digest } from './digest.ts';
import { maxChunkBytes } from './limits.ts';

/**
 * The canonical binary form of chunk lists. Each encoding begins with its own domain (text and NUL), so that bytes of
 * one can never be taken for another's or for a file's; then rows of fixed length, numbers big-endian:
 *
 *     list, segment:  digest (32)  sizeBytes (4)
 *     root:           digest (32)  chunks (4)  sizeBytes (8)
 */
const domains = {
  inline: 'driftbox chunk list 1\0',
  segment: 'driftbox list segment 1\0',
  root: 'driftbox list root 1\0',
} as const;

const chunkRow = digestBytes + 4;
const segmentRow = digestBytes + 12;
/** Segments under one root: 5 TiB in chunks of the smallest size, in segments of average length, three times over. */
export const maxSegments = 65_536;

const ascii = new TextEncoder();

/** The encoding of a list that is told whole; its digest is the list's id, unless it has one chunk, whose digest is. */
export function encodeInline(chunks: readonly ChunkRef[]): Uint8Array {
  return encodeChunks(domains.inline, chunks);
}

/** The encoding of one segment of a longer list. */
export function encodeSegment(chunks: readonly ChunkRef[]): Uint8Array {
  return encodeChunks(domains.segment, chunks);
}

/** The encoding of a longer list's segments; its digest is the list's id. */
export function encodeRoot(segments: readonly SegmentRef[]): Uint8Array {
  return encodeRows(domains.root, segments, segmentRow, (view, at, segment) => {
    view.setUint32(at, segment.chunks);
    view.setBigUint64(at + 4, BigInt(segment.sizeBytes));
  });
}

/** Answers the chunks of a segment, or `undefined` unless `bytes` is the encoding of one. Does not hash. */
export function decodeSegment(bytes: Uint8Array): ChunkRef[] | undefined {
  return decodeRows(domains.segment, bytes, chunkRow, segmentChunks.most, (view, at, digest) => {
    const sizeBytes = view.getUint32(at);
    return sizeBytes >= 1 && sizeBytes <= maxChunkBytes ? { digest, sizeBytes } : undefined;
  });
}

/** Answers the segments of a root, or `undefined` unless `bytes` is the encoding of one. Does not hash. */
export function decodeRoot(bytes: Uint8Array): SegmentRef[] | undefined {
  return decodeRows(domains.root, bytes, segmentRow, maxSegments, (view, at, digest) => {
    const chunks = view.getUint32(at);
    const sizeBytes = Number(view.getBigUint64(at + 4));
    const fits = chunks >= 1 && chunks <= segmentChunks.most && sizeBytes >= chunks && sizeBytes <= chunks * maxChunkBytes;
    return fits ? { digest, chunks, sizeBytes } : undefined;
  });
}

function encodeChunks(domain: string, chunks: readonly ChunkRef[]): Uint8Array {
  return encodeRows(domain, chunks, chunkRow, (view, at, chunk) => view.setUint32(at, chunk.sizeBytes));
}

type Row = { readonly digest: Digest };

function encodeRows<R extends Row>(
  domain: string,
  rows: readonly R[],
  rowBytes: number,
  rest: (view: DataView, at: number, row: R) => void,
): Uint8Array {
  const head = ascii.encode(domain);
  const bytes = new Uint8Array(head.length + rows.length * rowBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(head);
  for (const [index, row] of rows.entries()) {
    const at = head.length + index * rowBytes;
    for (let byte = 0; byte < digestBytes; byte += 1) bytes[at + byte] = Number.parseInt(row.digest.slice(2 * byte, 2 * byte + 2), 16);
    rest(view, at + digestBytes, row);
  }
  return bytes;
}

function decodeRows<R>(
  domain: string,
  bytes: Uint8Array,
  rowBytes: number,
  most: number,
  rest: (view: DataView, at: number, digest: Digest) => R | undefined,
): R[] | undefined {
  const head = ascii.encode(domain);
  const count = (bytes.length - head.length) / rowBytes;
  if (!Number.isInteger(count) || count < 1 || count > most || head.some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rows: R[] = [];
  for (let at = head.length; at < bytes.length; at += rowBytes) {
    let hex = '';
    for (let byte = 0; byte < digestBytes; byte += 1)
      hex += view
        .getUint8(at + byte)
        .toString(16)
        .padStart(2, '0');
    const digest = parseDigest(hex);
    const row = digest === undefined ? undefined : rest(view, at + digestBytes, digest);
    if (row === undefined) return undefined;
    rows.push(row);
  }
  return rows;
}
