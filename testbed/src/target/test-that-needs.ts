import { test } from '@jest/globals';
import { needs, reasonMark, targetHas, type Need } from './needs.ts';

type TestFunction = (name: string, run: () => Promise<unknown>, timeoutMs?: number) => void;

/** Jest's `test` where the target has what is needed; elsewhere the test is skipped under a name that says what it needs. */
export function testThatNeeds(need: Need): TestFunction {
  if (targetHas(need)) return test;
  const { skip } = test;
  return (name, run, timeoutMs) => skip(`${name}${reasonMark}${needs[need]})`, run, timeoutMs);
}
