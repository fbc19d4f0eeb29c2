import assert from 'node:assert/strict';
import { runSeed } from '../../simulation/run-seed.ts';
import { summary } from '../interleave.ts';
import type { Row } from '../row.ts';

const warmUpSeeds = 100;
const seeds = 200;
const rounds = 5;

/** Row 22, its other half: whole worlds from a seed to rest, every oracle checked, each run once. */
export const simulationSeeds: Row = {
  row: 22,
  name: 'simulation seeds, one core',
  unit: '1/s',
  judged: 'value',
  better: 'higher',
  must: 50,
  aim: 500,
  measure: async () => {
    for (let seed = 1; seed <= warmUpSeeds; seed += 1) await play(seed);
    const rates: number[] = [];
    let events = 0;
    for (let round = 0; round < rounds; round += 1) {
      const before = process.cpuUsage();
      for (let seed = 1; seed <= seeds; seed += 1) events += await play(1_000 + round * seeds + seed);
      // A core is what it used of the processor, not what others left of it.
      const { user, system } = process.cpuUsage(before);
      rates.push(seeds / ((user + system) / 1e6));
    }
    const { median, min, max } = summary(rates);
    return { value: median, min, max, note: `${Math.round(events / (rounds * seeds))} events in each` };
  },
};

async function play(seed: number): Promise<number> {
  const { failure, events } = await runSeed({ seed, clients: undefined });
  assert.equal(failure, undefined, `seed ${seed}`);
  return events;
}
