import { benchmarkRows } from '../benchmark-rows.ts';
import type { Capability } from '../point.ts';
import { evening } from './evening.ts';
import { rolesAndIsolation } from './roles-and-isolation.ts';

/** Between people: sign-in, sharing, links, notifications, search. */
export const sharing: Capability = { name: 'sharing', points: [evening, rolesAndIsolation, benchmarkRows(4, [11, 17, 18])] };
