/** What showing one promise gave: whether it holds, and the figures that say so. */
export type Shown = { readonly holds: boolean; readonly figure: string };

/** Hears how far a point has come, in lines for whoever watches. */
export type Tell = (line: string) => void;

/** One promise of a capability (2.1: a part of the second), and how a machine shows it, in bounded time. Throwing: it does not hold. */
export type Point = { readonly number: number; readonly promise: string; readonly show: (tell: Tell) => Promise<Shown> };

/** The promises of a capability, in the order in which they are shown. */
export type Capability = { readonly name: string; readonly points: readonly Point[] };

/** The number of a part of a point, of at most 99: 2.01, 2.02 and so on to 2.99, of which no two are one number. */
export function numberOfPart(point: number, part: number): number {
  return Number(`${point}.${String(part).padStart(2, '0')}`);
}

/** How people write the number of a point: 2, or of a part 2.01 and 2.10. */
export function labelOf(point: number): string {
  return Number.isInteger(point) ? String(point) : point.toFixed(2);
}
