import { test } from '@jest/globals';
import { needs, reasonMark, targetHas, type Need } from './needs.ts';

type TestFunction = (name: string, run: () => Promise<unknown>, timeoutMs?: number) => void;

/** Jest's `test` where everything is there that is needed; elsewhere the test is skipped under a name that says what it needs. */
export function testThatNeeds(...wanted: readonly Need[]): TestFunction {
  const lacking = wanted.find((need) => !targetHas(need));
  if (lacking === undefined) return test;
  const { skip } = test;
  return (name, run, timeoutMs) => skip(`${name}${reasonMark}${needs[lacking]})`, run, timeoutMs);
}
