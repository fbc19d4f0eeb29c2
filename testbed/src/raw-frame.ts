import { digestOf } from '@driftbox/chunking';
import type { Digest } from '@driftbox/domain';
import { encodeFrame, type Frame } from '@driftbox/protocol';

/** One frame as bytes: by default a chunk as it is, under its true digest; `parts` says otherwise, also untruly. */
export function rawFrame(bytes: Uint8Array, parts: Partial<Frame> = {}): Buffer {
  const plain = { kind: 'chunk', digest: digestOf(bytes), plainSize: bytes.length, encoding: 'raw', bases: [], payload: bytes } as const;
  return Buffer.concat(encodeFrame({ ...plain, ...parts }));
}

/** How a commit names a chunk. */
export function chunkRefOf(bytes: Uint8Array): { readonly digest: Digest; readonly sizeBytes: number } {
  return { digest: digestOf(bytes), sizeBytes: bytes.length };
}
