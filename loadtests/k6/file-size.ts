/** A share of files, and up to how many bytes they have. */
type SizeClass = { readonly share: number; readonly mostBytes: number };

/**
 * How large the files of an office are: 77 % are below 100 kB, and few are large. The tail is cut at 8 MB: what is measured is
 * requests, and beyond that only time that bytes take on a wire that is not there.
 */
export const sizeClasses: readonly SizeClass[] = [
  { share: 0.22, mostBytes: 4_000 },
  { share: 0.33, mostBytes: 32_000 },
  { share: 0.22, mostBytes: 100_000 },
  { share: 0.15, mostBytes: 400_000 },
  { share: 0.07, mostBytes: 2_000_000 },
  { share: 0.01, mostBytes: 8_000_000 },
];

/** A file's size in bytes, for two numbers from 0 up to 1: which class, and where between its bounds, evenly by magnitude. */
export function fileSize(which: number, where: number): number {
  let below = 0;
  let leastBytes = 1;
  for (const { share, mostBytes } of sizeClasses) {
    below += share;
    if (which < below) return Math.floor(leastBytes * (mostBytes / leastBytes) ** where);
    leastBytes = mostBytes;
  }
  return leastBytes;
}
