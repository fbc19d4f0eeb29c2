const firstMs = 5_000;
const longestMs = 3_600_000;
/** After failing for so long a webhook is switched off. */
export const patienceMs = 86_400_000;

/** How long a webhook waits after so many failures in a row: 5 s, doubled each time up to an hour, a fifth of it by chance. */
export function backOffMs(failures: number, random: () => number): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(20, failures - 1));
  return Math.round(fullMs * (0.8 + 0.2 * random()));
}
