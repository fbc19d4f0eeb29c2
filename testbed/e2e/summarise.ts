import path from 'node:path';
import { reasonMark } from '../src/target/needs.ts';

/** A test that was not run, and what it would need. */
export type SkippedTest = { readonly file: string; readonly name: string; readonly needs: string };

/** What a run of jest came to. */
export type Summary = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly SkippedTest[];
  /** Each failed test, and each file that could not be loaded, with the beginning of why. */
  readonly failures: readonly string[];
};

/** The parts of jest's JSON report that are read. */
type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly AssertionResult[];
  }[];
};
type AssertionResult = { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] };

const shownLines = 12;

/** Reads jest's JSON report. */
export function summarise(report: unknown): Summary {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = report as Report;
  const skipped: SkippedTest[] = [];
  const failures: string[] = [];
  for (const { name, status, message, assertionResults } of testResults) {
    const file = path.basename(name);
    for (const one of assertionResults) {
      if (one.status === 'failed') failures.push(`${file}: ${one.fullName}\n${beginning(one.failureMessages.join('\n'))}`);
      if (one.status === 'pending') skipped.push(skippedTest(file, one.fullName));
    }
    if (status === 'failed' && assertionResults.length === 0) failures.push(`${file}\n${beginning(message)}`);
  }
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, skipped, failures };
}

function skippedTest(file: string, fullName: string): SkippedTest {
  const at = fullName.lastIndexOf(reasonMark);
  // Others say by themselves what they need: to mount a file system, for example.
  if (at < 0) return { file, name: fullName, needs: 'what this machine or user has not' };
  return { file, name: fullName.slice(0, at), needs: fullName.slice(at + reasonMark.length, -1) };
}

function beginning(text: string): string {
  return text
    .split('\n')
    .slice(0, shownLines)
    .map((line) => `  ${line}`)
    .join('\n');
}
