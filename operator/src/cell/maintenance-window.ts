import type { CellSpec } from '@driftbox/resources';

const dayMs = 86_400_000;
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/**
 * When an upgrade may begin, in milliseconds since the epoch: `epochMs` itself within a window and where there is none, else the moment at
 * which the next one opens. All of it is UTC. A window lasts for a day at most, so of those before only yesterday's may still be open.
 */
export function nextStartMs(maintenance: CellSpec['maintenance'], epochMs: number): number {
  if (maintenance === undefined) return epochMs;
  const { days, start, hours } = maintenance;
  const [hour = 0, minute = 0] = start.split(':').map(Number);
  const midnightMs = epochMs - (epochMs % dayMs);
  const openings = [-1, 0, 1, 2, 3, 4, 5, 6, 7]
    .map((day) => midnightMs + day * dayMs)
    .filter((day) => days.includes(dayNames[new Date(day).getUTCDay()] ?? 'Sun'))
    .map((day) => day + (hour * 60 + minute) * 60_000);
  const next = openings.find((opensMs) => epochMs < opensMs + hours * 3_600_000) ?? Infinity;
  return Math.max(epochMs, next);
}
