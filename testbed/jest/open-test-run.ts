import { rm } from 'node:fs/promises';
import path from 'node:path';
import { openTestRun, testComponentsVariable } from '@driftbox/testkit';
import { startForTests } from '../components/start-for-tests.ts';
import { findTestFiles, suffixes } from '../components/test-files.ts';
import { testLogsFolder } from './test-logs-folder.ts';
import { testRunState } from './test-run-state.ts';

/** The parts of jest's resolved configuration that say which files were selected. */
type Global = {
  readonly rootDir: string;
  readonly nonFlagArgs: readonly string[];
  readonly runTestsByPath: boolean;
  readonly testPathPatterns: { toExecutor(options: { rootDir: string }): { isMatch(file: string): boolean } };
};
type Project = { readonly testPathIgnorePatterns: readonly string[] };

/**
 * Jest calls this once before all test files. It starts the components that the selected files ask for by their suffix;
 * PostgreSQL is started by the first test that needs it.
 */
export default async function prepare(global: Global, project: Project): Promise<void> {
  await rm(testLogsFolder(global.rootDir), { recursive: true, force: true });
  const runFolder = await openTestRun();
  const files = await findTestFiles(global.rootDir, selection(global, project));
  const wanted = suffixes.filter((suffix) => files[suffix].length > 0);
  const started = await startForTests(wanted, path.join(runFolder, 'components'));
  testRunState.components = started;
  process.env[testComponentsVariable] = JSON.stringify(started.handedOver);
}

function selection({ rootDir, nonFlagArgs, runTestsByPath, testPathPatterns }: Global, project: Project): (file: string) => boolean {
  const ignored = project.testPathIgnorePatterns.map((pattern) => new RegExp(pattern));
  const named = new Set(nonFlagArgs.map((file) => path.resolve(file)));
  const patterns = testPathPatterns.toExecutor({ rootDir });
  return (file) => (runTestsByPath ? named.has(file) : patterns.isMatch(file)) && !ignored.some((pattern) => pattern.test(file));
}
