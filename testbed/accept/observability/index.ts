import { benchmarkRows } from '../benchmark-rows.ts';
import type { Capability } from '../point.ts';
import { everyAlert, panelsHaveData } from './every-alert.ts';
import { loadProfiles } from './load-profiles.ts';

/** Whoever runs a hosted DriftBox sees what is true, in time. */
export const observability: Capability = {
  name: 'observability',
  points: [everyAlert, ...loadProfiles, panelsHaveData, benchmarkRows(4, [15, 19, 20])],
};
