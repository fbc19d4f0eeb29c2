import { ByteReader } from './byte-reader.ts';
import type { Allocate, Release } from './byte-reader.ts';
import { FrameError, defaultFrameLimits } from './frame.ts';
import type { Frame, FrameLimits } from './frame.ts';
import { decodeHeader, headerBytes, readBaseCount } from './header.ts';

/**
 * The frames of a body, one at a time and only as fast as they are taken; memory is one frame and one piece of the source.
 * Payloads that do not lie in one piece come to lie in what `allocate` answers; `release` hears of pieces that no frame is a
 * view of. A commit frame is the last one. Throws
 * `FrameError` (and what the source throws); frames given before that are whole.
 */
export async function* decodeFrames(
  source: AsyncIterable<Uint8Array>,
  limits: FrameLimits = defaultFrameLimits,
  allocate?: Allocate,
  release?: Release,
): AsyncGenerator<Frame, void> {
  const reader = new ByteReader(source, allocate, release);
  try {
    let ended = false;
    for (let count = 1; ; count += 1) {
      const start = await reader.take(headerBytes);
      if (start === undefined) return;
      if (ended) throw new FrameError('malformed', 'a frame after the commit');
      if (count > limits.maxFrames) throw new FrameError('oversized', `a body has at most ${limits.maxFrames} frames`);
      const { encodedSize, ...header } = decodeHeader(await wholeHeader(reader, start), limits);
      const payload = await reader.take(encodedSize);
      if (payload === undefined) throw new FrameError('truncated', 'the body ends before the bytes of a frame');
      yield { ...header, payload };
      ended = header.kind === 'commit';
    }
  } finally {
    await reader.close();
  }
}

async function wholeHeader(reader: ByteReader, start: Uint8Array): Promise<Uint8Array> {
  const bases = readBaseCount(start);
  if (bases === 0) return start;
  const rest = await reader.take(bases * 32);
  if (rest === undefined) throw new FrameError('truncated', 'the body ends inside a header');
  const whole = new Uint8Array(start.length + rest.length);
  whole.set(start);
  whole.set(rest, start.length);
  return whole;
}
