/** Bytes of one raw frame of a body (`docs/frames.md`), as k6 can make it: a header of 48 bytes, then the payload as it is. */
export type RawFrame = { readonly kind: 'chunk' | 'commit'; readonly digest: string; readonly payload: Uint8Array };

const headerBytes = 48;
const magic = 0x44_42_46_01;
const kindBytes = { chunk: 1, commit: 3 } as const;

/** The frames one after the other, in one piece. A test holds them to what the protocol's own encoder writes. */
export function encodeFrames(frames: readonly RawFrame[]): ArrayBuffer {
  const bytes = new Uint8Array(frames.reduce((sum, { payload }) => sum + headerBytes + payload.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { kind, digest, payload } of frames) {
    view.setUint32(at, magic);
    bytes[at + 4] = kindBytes[kind];
    view.setUint32(at + 8, payload.length);
    view.setUint32(at + 12, payload.length);
    for (let byte = 0; byte < 32; byte += 1) bytes[at + 16 + byte] = Number.parseInt(digest.slice(2 * byte, 2 * byte + 2), 16);
    bytes.set(payload, at + headerBytes);
    at += headerBytes + payload.length;
  }
  return bytes.buffer;
}

/** ASCII text as bytes; k6 has no encoder of its own, and a commit of ours holds nothing else. */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}
