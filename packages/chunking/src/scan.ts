import { gear } from './gear.ts';

/** What a scan that found no cut leaves behind: the hash to go on with. A field, because a second return value would cost an object. */
export const scanned = { hash: 0 };

/**
 * Rolls the gear hash over `bytes[from, to)` and answers the offset after the first byte at which `hash & mask` is zero,
 * or -1 after all of them; the hash to continue with is then in `scanned.hash`.
 *
 * One function for every caller and eight steps a turn: the loop must stay monomorphic (always a plain `Uint8Array`) and
 * in 32-bit integers to run at memory-like speed. The casts say what the bounds of the loop already promise.
 */
export function scan(bytes: Uint8Array, from: number, to: number, hash: number, mask: number): number {
  const table = gear;
  const fast = to - 7;
  let h = hash | 0;
  let i = from | 0;
  for (; i < fast; i += 8) {
    h = ((h << 1) + (table[bytes[i] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 1;
    h = ((h << 1) + (table[bytes[i + 1] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 2;
    h = ((h << 1) + (table[bytes[i + 2] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 3;
    h = ((h << 1) + (table[bytes[i + 3] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 4;
    h = ((h << 1) + (table[bytes[i + 4] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 5;
    h = ((h << 1) + (table[bytes[i + 5] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 6;
    h = ((h << 1) + (table[bytes[i + 6] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 7;
    h = ((h << 1) + (table[bytes[i + 7] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 8;
  }
  for (; i < to; i += 1) {
    h = ((h << 1) + (table[bytes[i] as number] as number)) | 0;
    if ((h & mask) === 0) return i + 1;
  }
  scanned.hash = h;
  return -1;
}

/** Rolls the hash over `bytes[from, to)` without looking for a cut, and answers it. */
export function roll(bytes: Uint8Array, from: number, to: number, hash: number): number {
  let h = hash | 0;
  for (let i = from; i < to; i += 1) h = ((h << 1) + (gear[bytes[i] as number] as number)) | 0;
  return h;
}
