import { createCipheriv } from 'node:crypto';
import { open } from 'node:fs/promises';

/** Pieces of `sizeBytes` random-looking bytes that depend only on `seed`: AES-CTR over zeros, as fast as memory. */
export function* seededBytes(seed: number, sizeBytes: number, pieceBytes = 4 * 2 ** 20): Generator<Buffer> {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(seed >>> 0);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc(Math.min(pieceBytes, Math.max(sizeBytes, 1)));
  for (let left = sizeBytes; left > 0; left -= zeros.length) yield cipher.update(left < zeros.length ? zeros.subarray(0, left) : zeros);
}

/** Writes such bytes, behind an optional prefix, to a file. */
export async function writeSeededFile(file: string, seed: number, sizeBytes: number, prefix: Uint8Array = new Uint8Array()): Promise<void> {
  const handle = await open(file, 'w');
  try {
    if (prefix.length > 0) await handle.write(prefix);
    for (const piece of seededBytes(seed, sizeBytes)) await handle.write(piece);
  } finally {
    await handle.close();
  }
}
