/** A share of files, and up to how many bytes they have. */
type SizeClass = { readonly share: number; readonly mostBytes: number };

/** How large the files of an office are: 77 % are below 100 kB, and few are large; one of a thousand has up to 1 GB. */
export const sizeClasses: readonly SizeClass[] = [
  { share: 0.22, mostBytes: 4_000 },
  { share: 0.33, mostBytes: 32_000 },
  { share: 0.22, mostBytes: 100_000 },
  { share: 0.15, mostBytes: 400_000 },
  { share: 0.06, mostBytes: 2_000_000 },
  { share: 0.015, mostBytes: 16_000_000 },
  { share: 0.004, mostBytes: 128_000_000 },
  { share: 0.001, mostBytes: 1_000_000_000 },
];

/**
 * A file's size in bytes, for two numbers from 0 up to 1: which class, and where between its bounds, evenly by magnitude. Where the time
 * or the disk of a run allows no larger ones than `largest`, those take its size.
 */
export function fileSize(which: number, where: number, largest: number): number {
  let below = 0;
  let leastBytes = 1;
  for (const { share, mostBytes } of sizeClasses) {
    below += share;
    if (which < below) return Math.min(largest, Math.floor(leastBytes * (mostBytes / leastBytes) ** where));
    leastBytes = mostBytes;
  }
  return Math.min(largest, leastBytes);
}
