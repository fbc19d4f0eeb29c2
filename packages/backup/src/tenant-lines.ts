import type { Digest } from '@driftbox/domain';

/** A line of what a service keeps of a tenant: rows of a table, digests of chunks that they name, or the end with its counts. */
export type TenantLine = {
  readonly table?: string;
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly contents?: readonly Digest[];
  readonly end?: Readonly<Record<string, number>>;
};

const newline = 10;

/** The lines of a stream of bytes, cut anywhere. Throws where it ends without its end: then it is half of something. */
export async function* readLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<TenantLine> {
  let open: Uint8Array[] = [];
  let ended = false;
  for await (const piece of pieces) {
    let at = 0;
    for (let end = piece.indexOf(newline); end >= 0; end = piece.indexOf(newline, at)) {
      const line = JSON.parse(Buffer.concat([...open, piece.subarray(at, end)]).toString()) as TenantLine;
      open = [];
      at = end + 1;
      ended ||= line.end !== undefined;
      yield line;
    }
    open.push(piece.subarray(at));
  }
  if (!ended) throw new Error('what was read of the tenant broke off');
}

/** The same pieces, each handed to `take` before it goes on. */
export async function* tapped(pieces: AsyncIterable<Uint8Array>, take: (piece: Uint8Array) => Promise<void>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    await take(piece);
    yield piece;
  }
}
