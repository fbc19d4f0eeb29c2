import type { FrameLocation } from '@driftbox/chunk-store';

/** How a chunk's bytes lie in a pack, before encryption; a row holds the index. */
export const storedEncodings = ['raw', 'zstd'] as const;

/** Where one chunk lies: a frame of a pack. */
export type Place = FrameLocation;
