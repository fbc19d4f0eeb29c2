/** Cuts pieces that belong together into parts of `partBytes`, the last one smaller, without copying. */
export function* sliceParts(pieces: readonly Uint8Array[], partBytes: number): Generator<Uint8Array[]> {
  let part: Uint8Array[] = [];
  let missing = partBytes;
  for (const piece of pieces) {
    for (let rest = piece; rest.length > 0;) {
      const taken = rest.subarray(0, missing);
      part.push(taken);
      missing -= taken.length;
      rest = rest.subarray(taken.length);
      if (missing > 0) continue;
      yield part;
      part = [];
      missing = partBytes;
    }
  }
  if (part.length > 0) yield part;
}
