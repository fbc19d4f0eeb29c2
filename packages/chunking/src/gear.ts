/** The seed of scheme version 1. Changing it changes every cut, so it may only change together with the scheme id. */
const gearSeed = 0x44726266;

/** The finaliser of MurmurHash3: spreads a counter over 32 bits, so that the table needs no file and no randomness. */
function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** 256 fixed 32-bit values, one per byte value: the only thing besides the scheme's numbers that decides where cuts fall. */
export const gear: Int32Array = Int32Array.from({ length: 256 }, (_, byte) => mix((gearSeed + Math.imul(byte + 1, 0x9e3779b9)) | 0));
