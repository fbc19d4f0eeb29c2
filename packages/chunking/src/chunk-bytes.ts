import type { Chunk } from './chunker.ts';
import { Cutter } from './cutter.ts';
import { digestOf } from './digest.ts';
import { defaultScheme } from './scheme.ts';
import type { Scheme } from './scheme.ts';

/** Cuts bytes that are already in memory, without a copy: each chunk is a view of `bytes`, which must not change meanwhile. */
export function* chunkBytes(bytes: Uint8Array, scheme: Scheme = defaultScheme): Generator<Chunk, void> {
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const cutter = new Cutter(scheme);
  let offset = 0;
  while (offset < plain.length) {
    const cut = cutter.next(plain, offset, plain.length);
    const end = cut < 0 ? plain.length : cut;
    const view = plain.subarray(offset, end);
    yield { digest: digestOf(view), bytes: view, offset };
    offset = end;
  }
}
