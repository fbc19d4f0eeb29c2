export { decodeFrames } from './decode-frames.ts';
export { encodeFrame } from './encode-frame.ts';
export * from './frame.ts';
