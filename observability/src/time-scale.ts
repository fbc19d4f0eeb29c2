/**
 * How rules write down a time. `divisor` is by how much shorter every window and patience is than in service: 1 there, 60
 * where a fault is to be seen to raise its alert within minutes.
 */
export type TimeScale = { readonly divisor: number };

/** As the rules run in service. */
export const trueTime: TimeScale = { divisor: 1 };

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** Prometheus' notation of so many seconds: `5m`, `3d`, `72m`. Never below a second. */
export function duration(seconds: number, { divisor }: TimeScale = trueTime): string {
  const scaled = Math.max(1, Math.round(seconds / divisor));
  const [unit, size] = units.find(([, one]) => scaled % one === 0) ?? ['s', 1];
  return `${scaled / size}${unit}`;
}
