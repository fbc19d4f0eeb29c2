import { setTimeout as delay } from 'node:timers/promises';
import { isAlone, victimOf, type PlannedFault } from './plan.ts';

/** Does a fault and undoes it; resolves when all is as before. Never throws. */
export type Strike = (fault: PlannedFault['fault']) => Promise<void>;

/**
 * Carries a plan out: each fault begins at its time, or later where one that it must not meet takes longer than planned, and
 * not at all once the minutes are over. Resolves when they are, and the last fault too; answers how many there were.
 */
export async function playPlan(plan: readonly PlannedFault[], minutes: number, strike: Strike): Promise<number> {
  const startMs = performance.now();
  const leftMs = (): number => minutes * 60_000 - (performance.now() - startMs);
  const ofVictim = new Map<string, Promise<void>>();
  let struck = 0;
  const begin = async (fault: PlannedFault['fault'], before: Promise<unknown> | undefined): Promise<void> => {
    await before;
    if (leftMs() < 0) return;
    struck += 1;
    await strike(fault);
  };
  for (const { atMs, fault } of plan) {
    await delay(Math.max(0, leftMs() - (minutes * 60_000 - atMs)));
    const victim = victimOf(fault);
    const before = isAlone(fault) ? Promise.all(ofVictim.values()) : ofVictim.get(victim);
    ofVictim.set(victim, begin(fault, before));
    if (isAlone(fault)) await ofVictim.get(victim);
  }
  await Promise.all(ofVictim.values());
  await delay(Math.max(0, leftMs()));
  return struck;
}
