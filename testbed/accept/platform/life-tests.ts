import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Point } from '../point.ts';

/** Files whose tests show a tenant's life, the operator's own and those of its kinds. */
const files = ['testbed/platform/.*\\.k8s\\.test\\.ts$', 'operator/src/.*\\.k8s\\.test\\.ts$', 'testbed/charts/.*\\.k8s\\.test\\.ts$'];

type Report = {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string; readonly duration?: number | null }[];
  }[];
};

/** What `npm test` shows with an API server alone, named one by one. */
export const lifeTests: Point = {
  number: 2,
  promise: 'the life of a tenant, on a real API server with the real services',
  async show() {
    await using folder = await temporaryFolder();
    const report = path.join(folder.path, 'report.json');
    const flags = ['--json', `--outputFile=${report}`, '--maxWorkers=1', ...files];
    const jest = spawn(process.execPath, ['--no-warnings', 'node_modules/jest/bin/jest.js', ...flags], {
      cwd: projectFolder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await once(jest, 'close');
    const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report;
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
    const lines = tests.map(({ title, status, duration }) => `${((duration ?? 0) / 1000).toFixed(1).padStart(6)} s  ${status}  ${title}`);
    return { holds: tests.length > 0 && tests.every(({ status }) => status === 'passed'), figure: lines.join('\n') };
  },
};
