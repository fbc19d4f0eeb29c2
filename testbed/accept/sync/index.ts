import type { Capability } from '../point.ts';
import { explainedRuns } from './explained-runs.ts';
import { killedInMidSync } from './killed-in-mid-sync.ts';
import { realInput } from './real-input.ts';

/** Two-way sync: folders on any number of devices stay equal, whatever people, networks and crashes do. */
export const sync: Capability = { name: 'sync', points: [realInput, killedInMidSync, explainedRuns] };
