/** A stretch in which a counter grows evenly. */
export type Stretch = { readonly minutes: number; readonly perSecond: number };

/** A counter's values, one a minute, in promtool's notation: it grows as the stretches say, one after the other. */
export function counterValues(stretches: readonly Stretch[]): string {
  let value = 0;
  const parts = stretches
    .filter(({ minutes }) => minutes > 0)
    .map(({ minutes, perSecond }) => {
      // Exact in binary: a counter that rounding makes smaller by a hair looks as if its process had started anew.
      const step = Math.round(perSecond * 60 * 1024) / 1024;
      const first = value + step;
      value += step * minutes;
      return `${first}+${step}x${minutes - 1}`;
    });
  return parts.join(' ');
}

/** A gauge's values, one a minute. */
export function gaugeValues(stretches: readonly { readonly minutes: number; readonly value: number }[]): string {
  return stretches.map(({ minutes, value }) => `${value}+0x${minutes - 1}`).join(' ');
}
