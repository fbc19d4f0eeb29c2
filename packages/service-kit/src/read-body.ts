import { Problem } from '@driftbox/protocol';
import type { Deadline } from './deadline.ts';

function tooLarge(maxBytes: number): Problem {
  return new Problem('too_large', `The body is larger than ${maxBytes} bytes`, { details: { maxBytes } });
}

/** The declared size, checked against the limit; `undefined` when the body is chunked. Throws `invalid_argument` or `too_large`. */
export function declaredBytes(header: string | undefined, maxBytes: number): number | undefined {
  if (header === undefined) return undefined;
  if (!/^[0-9]{1,16}$/.test(header)) throw new Problem('invalid_argument', 'Content-Length is not a number');
  const sizeBytes = Number(header);
  if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
  return sizeBytes;
}

/** How much of a body may come, and how slowly. */
export type StreamLimits = {
  readonly maxBytes: number;
  readonly idleMs: number;
  readonly deadline: Deadline;
  /** Told of the bytes of each piece as it comes. */
  readonly received?: (bytes: number) => void;
};

/**
 * Passes `source` on while it stays within `maxBytes`. Throws `too_large` beyond, and `unavailable` when no piece came
 * for `idleMs` or the deadline passed.
 */
export async function* limitStream(
  source: AsyncIterable<Uint8Array>,
  { maxBytes, idleMs, deadline, received = () => {} }: StreamLimits,
): AsyncGenerator<Uint8Array> {
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => {});
  const arm = (): NodeJS.Timeout =>
    setTimeout(() => late.reject(new Problem('unavailable', 'The body did not arrive in time')), Math.min(idleMs, deadline.remainingMs()));
  const iterator = source[Symbol.asyncIterator]();
  let passedBytes = 0;
  let ended = false;
  try {
    for (;;) {
      const timer = arm();
      const next = await Promise.race([iterator.next(), late.promise]).finally(() => clearTimeout(timer));
      if (next.done === true) {
        ended = true;
        return;
      }
      passedBytes += next.value.byteLength;
      received(next.value.byteLength);
      if (passedBytes > maxBytes) throw tooLarge(maxBytes);
      yield next.value;
    }
  } finally {
    // Not awaited: a source that is late would hold its reader up a second time.
    if (!ended) void iterator.return?.()?.catch(() => {});
  }
}

/** The whole body in memory, at most `maxBytes`. */
export async function readBody(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  idleMs: number,
  deadline: Deadline,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of limitStream(source, { maxBytes, idleMs, deadline })) pieces.push(piece);
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
}
