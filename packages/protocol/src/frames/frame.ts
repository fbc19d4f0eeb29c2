import type { Digest } from '@driftbox/domain';

/** What a frame carries: a chunk of a file, a segment or root of a chunk list, or the JSON of the commit that ends a body. */
export const frameKinds = ['chunk', 'list', 'commit'] as const;
export type FrameKind = (typeof frameKinds)[number];

/** How its bytes travel: as they are, by zstd, or by zstd with other chunks as dictionary. */
export const frameEncodings = ['raw', 'zstd', 'delta'] as const;
export type FrameEncoding = (typeof frameEncodings)[number];

/** The media type of a body of frames. */
export const framesMediaType = 'application/vnd.driftbox.frames';

/** One frame of a body; the layout of its bytes is `docs/frames.md`. The codec checks form, never digests. */
export type Frame = {
  readonly kind: FrameKind;
  /** SHA-256 of the plain bytes (of a commit: of its JSON). */
  readonly digest: Digest;
  readonly plainSize: number;
  readonly encoding: FrameEncoding;
  /** The chunks that make the dictionary, in order; empty unless `encoding` is `delta`. */
  readonly bases: readonly Digest[];
  /** The encoded bytes. From the decoder: valid for as long as it is held, never written to again. */
  readonly payload: Uint8Array;
};

/** Bounds of one body. */
export type FrameLimits = {
  /** Plain bytes of one frame. */
  readonly maxPlainBytes: number;
  /** Encoded bytes of one frame: what a poor encoder may add to the plain ones. */
  readonly maxEncodedBytes: number;
  readonly maxFrames: number;
};

/** 8 MiB plain, an eighth of a mebibyte for encodings that did not pay, and frames to fill a body with small files. */
export const defaultFrameLimits: FrameLimits = {
  maxPlainBytes: 8 * 2 ** 20,
  maxEncodedBytes: 8 * 2 ** 20 + 128 * 2 ** 10,
  maxFrames: 100_000,
};

/** Most bases of one frame. */
export const maxFrameBases = 4;

/** Why bytes are not frames: the body ends inside one, one is beyond the limits, or one is not formed as it must be. */
export type FrameFault = 'truncated' | 'oversized' | 'malformed';

/** What the codec throws, and nothing else of its own. */
export class FrameError extends Error {
  readonly fault: FrameFault;

  constructor(fault: FrameFault, detail: string) {
    super(detail);
    this.name = 'FrameError';
    this.fault = fault;
  }
}
