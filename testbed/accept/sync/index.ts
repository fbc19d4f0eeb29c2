import { benchmarkRows } from '../benchmark-rows.ts';
import type { Capability } from '../point.ts';
import { simulatedSeeds } from '../simulated-seeds.ts';
import { largeFileMemory, manyFilesMemory } from './bounded-memory.ts';
import { explainedRuns } from './explained-runs.ts';
import { killedInMidSync } from './killed-in-mid-sync.ts';
import { readmeTour } from './readme-tour.ts';
import { realInput } from './real-input.ts';
import { seenElsewhere } from './seen-elsewhere.ts';

const rows = benchmarkRows(4, [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 17, 22]);

const seeds = simulatedSeeds(8, { sharing: false });

/** Two-way sync: folders on any number of devices stay equal, whatever people, networks and crashes do. */
export const sync: Capability = {
  name: 'sync',
  points: [realInput, killedInMidSync, explainedRuns, rows, manyFilesMemory, largeFileMemory, readmeTour, seenElsewhere, seeds],
};
