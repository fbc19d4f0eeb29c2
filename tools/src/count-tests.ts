/** The numbers of jest's own summary that matter to a reader. */
export type TestCount = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** Reads jest's JSON report; a file that could not even be loaded counts as one failure. Throws where it is no such report. */
export function countTests(report: unknown): TestCount {
  return {
    passed: numberIn(report, 'numPassedTests'),
    failed: numberIn(report, 'numFailedTests') + numberIn(report, 'numRuntimeErrorTestSuites'),
    skipped: numberIn(report, 'numPendingTests') + numberIn(report, 'numTodoTests'),
  };
}

/** Names each failed test, and each file that could not be loaded, with the first lines of why. */
export function failedTests(report: unknown): string[] {
  const { testResults = [] } = report as { testResults?: readonly FileResult[] };
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter((one) => one.status === 'failed');
      if (failed.length === 0) return [`${name}\n${beginning(message)}`];
      return failed.map((one) => `${name}: ${one.fullName}\n${beginning(one.failureMessages.join('\n'))}`);
    });
}

/** A test that did not run because something is missing here, and what. */
export type LackingTest = { readonly name: string; readonly lacks: string };

/**
 * The tests that were skipped because this machine or user has not what they need: their names end with it in parentheses, as
 * `testThatNeeds` of the testbed makes them. Tests that a flag left out are not among them.
 */
export function lackingTests(report: unknown): LackingTest[] {
  const { testResults = [] } = report as { testResults?: readonly FileResult[] };
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.flatMap(({ status, fullName }): LackingTest[] => {
      const [, test, lacks] = /^(.*) \(needs (.+)\)$/s.exec(fullName) ?? [];
      return status !== 'pending' || lacks === undefined ? [] : [{ name: `${name}: ${test}`, lacks }];
    }),
  );
}

/** The files that took longest, the slowest first: how long in seconds, and which. Two run at a time, so they do not add up to the run. */
export function slowestFiles(report: unknown, count: number): string[] {
  const { testResults = [] } = report as { testResults?: readonly FileResult[] };
  return testResults
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(6)} s  ${name}`);
}

/** What is read of each file in jest's report. */
type FileResult = {
  readonly name: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] }[];
};

function beginning(text: string): string {
  return text
    .split('\n')
    .slice(0, 12)
    .map((line) => `  ${line}`)
    .join('\n');
}

function numberIn(report: unknown, field: string): number {
  const value: unknown = typeof report === 'object' && report !== null ? Reflect.get(report, field) : undefined;
  if (typeof value !== 'number') throw new Error(`jest's report has no ${field}: did the run end early?`);
  return value;
}
