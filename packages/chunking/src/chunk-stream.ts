import { Chunker } from './chunker.ts';
import type { Chunk } from './chunker.ts';
import { defaultScheme } from './scheme.ts';
import type { Scheme } from './scheme.ts';

/**
 * Cuts a stream of pieces of any size; a `ReadableStream` is one too. Pulls only as fast as chunks are taken, and closes
 * the source when the taker stops. What the source throws is thrown.
 */
export async function* chunkStream(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { readonly scheme?: Scheme; readonly sizeHint?: number } = {},
): AsyncGenerator<Chunk, void> {
  const chunker = new Chunker(options.scheme ?? defaultScheme, options.sizeHint);
  for await (const piece of pieces) yield* chunker.push(piece);
  const last = chunker.finish();
  if (last !== undefined) yield last;
}
