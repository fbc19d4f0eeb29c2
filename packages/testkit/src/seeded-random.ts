/** A stream of random numbers that a seed decides: the same seed, the same stream, on every machine. */
export type SeededRandom = {
  /** A number of at least 0 and below 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  bytes(length: number): Buffer;
  pick<T>(values: readonly T[]): T;
};

/** Xoshiro128** (Blackman and Vigna, 2018), its state filled by SplitMix32. `seed` is any whole number. */
export function seededRandom(seed: number): SeededRandom {
  let mixed = seed >>> 0;
  const mix = (): number => {
    mixed = (mixed + 0x9e3779b9) >>> 0;
    let z = mixed;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let [a, b, c, d] = [mix(), mix(), mix(), mix()];
  const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
  const word = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotate(d, 11);
    return result;
  };
  const next = (): number => word() / 2 ** 32;
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const bytes = (length: number): Buffer => {
    const buffer = Buffer.allocUnsafe(Math.ceil(length / 4) * 4);
    for (let at = 0; at < length; at += 4) buffer.writeUInt32LE(word(), at);
    return buffer.subarray(0, length);
  };
  const pick = <T>(values: readonly T[]): T => {
    if (values.length === 0) throw new RangeError('nothing to pick from');
    return values[integer(0, values.length - 1)] as (typeof values)[number];
  };
  return { next, integer, bytes, pick };
}
