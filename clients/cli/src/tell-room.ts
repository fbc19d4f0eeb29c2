import type { Problem } from '@driftbox/protocol';
import { showBytes } from './output.ts';

/**
 * Whose limit is reached, in a line for people; `undefined` for a problem that does not say so. What is used of it counts bytes that are
 * only set aside, so that it would look like an error beside what `driftbox usage` shows.
 */
export function tellRoom({ code, details = {} }: Problem): string | undefined {
  const { limit, limitBytes } = details;
  if (code !== 'quota_exceeded' || typeof limitBytes !== 'number') return undefined;
  return `The limit of the ${String(limit)} is ${showBytes(limitBytes)}: driftbox usage tells by what it is used`;
}
