import { testTarget } from './test-target.ts';

/** What not every target has, and how its lack is told. */
export const needs = {
  ownServer: 'a server of its own, to set up, stop or kill',
  administrator: "an administrator's key",
} as const;

/** What a test may need of its target. */
export type Need = keyof typeof needs;

/** Begins the part of a skipped test's name that says why. */
export const reasonMark = ' (needs ';

/** Whether the target of these tests has it. */
export function targetHas(need: Need): boolean {
  const target = testTarget();
  return target === undefined || (need === 'administrator' && target.administrator !== undefined);
}
