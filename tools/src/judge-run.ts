import { countTests, failedTests, lackingTests } from './count-tests.ts';
import type { Unrunnable } from './component-tests.ts';

/** All that a run of `npm test` came to. */
export type Run = {
  /** Names of checks that failed. */
  readonly failedChecks: readonly string[];
  /** Kinds of test files that were left out. */
  readonly unrun: readonly Unrunnable[];
  /** Jest's JSON report; absent when it left none. */
  readonly report: unknown;
  /** Whether jest itself ended well. */
  readonly jestOk: boolean;
};

/** What is printed last, and whether the run is a success. */
export type Verdict = { readonly lines: readonly string[]; readonly ok: boolean };

/**
 * The closing lines: failed checks, what was not run and why, failures, and the sum as the last line. With `isCi` whatever was
 * not run is a failure: there everything has to be installed.
 */
export function judgeRun({ failedChecks, unrun, report, jestOk }: Run, isCi: boolean): Verdict {
  const count = report === undefined ? { passed: 0, failed: 1, skipped: 0 } : countTests(report);
  const lacking = report === undefined ? [] : lackingTests(report);
  const failures = report === undefined ? [] : failedTests(report);
  const endedBadly = !jestOk && count.failed === 0;
  const notRun = [
    ...unrun.map(({ suffix, reason }) => `*.${suffix}.test.ts: ${reason}`),
    ...lacking.map(({ name, lacks }) => `${name}: needs ${lacks}`),
  ];
  const skipped = count.skipped - lacking.length;
  // A failed check, and a run that ended badly though no single test did, are failures too.
  const failed = count.failed + failedChecks.length + (isCi ? notRun.length : 0) + (endedBadly ? 1 : 0);
  const lines = [
    ...(failedChecks.length > 0 ? [`checks failed: ${failedChecks.join(', ')}`] : []),
    ...notRun.map((what) => `not run: ${what}`),
    // Last, so that they are seen where only the end of the output is.
    ...failures.map((name) => `failed: ${name}`),
    ...(endedBadly ? ['failed: the test run did not end as it should, though no test failed'] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    `${count.passed} passed, ${failed} failed`,
  ];
  return { lines, ok: failed === 0 && count.passed > 0 };
}
