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

function numberIn(report: unknown, field: string): number {
  const value: unknown = typeof report === 'object' && report !== null ? Reflect.get(report, field) : undefined;
  if (typeof value !== 'number') throw new Error(`jest's report has no ${field}: did the run end early?`);
  return value;
}
