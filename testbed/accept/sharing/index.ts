import { benchmarkRows } from '../benchmark-rows.ts';
import type { Capability } from '../point.ts';
import { simulatedSeeds } from '../simulated-seeds.ts';
import { evening } from './evening.ts';
import { largeArchive } from './large-archive.ts';
import { rolesAndIsolation } from './roles-and-isolation.ts';

/** Between people: sign-in, sharing, links, notifications, search. */
export const sharing: Capability = {
  name: 'sharing',
  points: [evening, rolesAndIsolation, simulatedSeeds(3, { sharing: true }), benchmarkRows(4, [11, 17, 18]), largeArchive],
};
