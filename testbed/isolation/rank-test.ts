/**
 * How many standard deviations two samples differ by rank (Mann and Whitney, 1947): near 0 when neither tends to be
 * larger, beyond 4 by chance in fewer than one of ten thousand comparisons. Ties share their ranks; both samples should
 * have 20 values at least.
 */
export function rankDifference(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((value) => ({ value, isOne: true })), ...other.map((value) => ({ value, isOne: false }))];
  all.sort((a, b) => a.value - b.value);
  let rankSum = 0;
  for (let at = 0; at < all.length;) {
    let end = at + 1;
    while (end < all.length && all[end]!.value === all[at]!.value) end += 1;
    const rank = (at + 1 + end) / 2;
    for (; at < end; at += 1) if (all[at]!.isOne) rankSum += rank;
  }
  const [n, m] = [one.length, other.length];
  const u = rankSum - (n * (n + 1)) / 2;
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
