import path from 'node:path';
import { closeTestRun } from '@driftbox/testkit';
import { testRunState } from './test-run-state.ts';

/** Jest calls this once after all test files. The components' logs stay in `.cache/component-logs` until the next run. */
export default async function clear(global: { readonly rootDir: string }): Promise<void> {
  await testRunState.components?.stop(path.join(global.rootDir, '.cache/component-logs'));
  await closeTestRun();
}
