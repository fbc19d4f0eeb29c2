/** What showing one promise gave: whether it holds, and the figures that say so. */
export type Shown = { readonly holds: boolean; readonly figure: string };

/** One promise of a capability, and how a machine shows it. Throwing counts as "does not hold". */
export type Point = { readonly number: number; readonly promise: string; readonly show: () => Promise<Shown> };

/** The promises of a capability, in the order in which they are shown. */
export type Capability = { readonly name: string; readonly points: readonly Point[] };
