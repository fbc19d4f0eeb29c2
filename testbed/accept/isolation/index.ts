import type { Capability } from '../point.ts';
import { likeTiming } from './like-timing.ts';

/** Isolation: what tests cannot state, because it is a matter of time. The rest is `testbed/isolation`. */
export const isolation: Capability = { name: 'isolation', points: likeTiming };
