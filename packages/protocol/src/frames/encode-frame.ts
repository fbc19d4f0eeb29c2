import { defaultFrameLimits } from './frame.ts';
import type { Frame } from './frame.ts';
import { checkHeader, encodeHeader } from './header.ts';
import type { FrameHeader } from './header.ts';

/** The bytes of a frame: its header, then its payload itself, not a copy. Throws `FrameError` for a frame that no decoder takes. */
export function encodeFrame(frame: Frame): [Uint8Array, Uint8Array] {
  const { kind, digest, plainSize, encoding, bases, payload } = frame;
  const header: FrameHeader = { kind, digest, plainSize, encoding, bases, encodedSize: payload.length };
  checkHeader(header, defaultFrameLimits);
  return [encodeHeader(header), payload];
}
