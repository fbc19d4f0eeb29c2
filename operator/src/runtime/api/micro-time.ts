/** RFC 3339 with six fraction digits, which `Lease` and `Event` ask for: the server refuses the three of `toISOString`. */
export function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('Z', '000Z');
}
