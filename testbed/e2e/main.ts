// `npm run e2e`: the end-to-end tests, against whichever DriftBox they are given. The last line is the sum; the exit code agrees.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseCommandLine, runMain } from '@driftbox/command-line';
import { temporaryFolder } from '@driftbox/testkit';
import { projectFolder } from '../src/standalone-process.ts';
import { targetVariable } from '../src/target/test-target.ts';
import { findTarget, type FoundTarget } from './find-target.ts';
import { runInCluster } from './in-cluster.ts';
import { summarise, type Summary } from './summarise.ts';
import { UnusableTarget } from './unusable-target.ts';

const usage = `npm run e2e [-- --target standalone|stack|cluster|URL] [PATTERNS] [--json]

Runs the end-to-end tests against a DriftBox: all, or those whose file matches a pattern. Each test file signs up people of
its own, so that it may be run again, beside others, and against a DriftBox in use.
  --target standalone  each test file starts a server of its own (the default)
  --target stack       the stack that npm run stack has started from this checkout, or else a small one for these tests
  --target cluster     a tenant, made for these tests, of the cluster that npm run cluster has started on this machine; as root
  --target URL         a DriftBox that runs there; its tenant must let everybody sign up
  --ca FILE            with a URL: certificates in PEM that are trusted besides the system's
  --admin FILE         with a URL: JSON {"serviceKey", "internal": {"auth", "metadata", "upload", "sync", "share"}, "tenantHosts":
                       "*.example.com"}, for the tests that register tenants; the names need not resolve
  --json               prints one JSON document instead of text

In place of the flags: DRIFTBOX_E2E_TARGET, DRIFTBOX_E2E_CA, DRIFTBOX_E2E_ADMIN.
Tests that need what the target has not are skipped, and named at the end with what they need.
Exit codes: 0 all passed, 1 some failed, 2 the target cannot be used, or the command line is wrong.`;

function readArguments(args: readonly string[]) {
  const { DRIFTBOX_E2E_TARGET: target = 'standalone', DRIFTBOX_E2E_CA: ca, DRIFTBOX_E2E_ADMIN: admin } = process.env;
  const { values, positionals } = parseCommandLine({
    args,
    allowPositionals: true,
    options: { target: { type: 'string' }, ca: { type: 'string' }, admin: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  return { values: { target, ca, admin, ...values }, positionals };
}

/** Runs jest on the end-to-end tests that match, and answers its report. Its own output goes to stderr. */
async function runTests({ target, caFile }: FoundTarget, patterns: readonly string[]): Promise<unknown> {
  await using folder = await temporaryFolder();
  const at = (name: string): string => path.join(folder.path, name);
  if (target !== undefined) await writeFile(at('target.json'), JSON.stringify(target), { mode: 0o600 });
  const wanted = patterns.length === 0 ? [''] : patterns;
  const files = wanted.map((pattern) => `testbed/(integration|isolation|e2e)/.*${pattern}.*\\.e2e\\.test\\.ts$`);
  const flags = ['--json', `--outputFile=${at('report.json')}`, '--maxWorkers=2', '--passWithNoTests', ...files];
  const jest = spawn(process.execPath, ['--no-warnings', 'node_modules/jest/bin/jest.js', ...flags], {
    cwd: projectFolder,
    env: {
      ...process.env,
      ...(target === undefined ? {} : { [targetVariable]: at('target.json') }),
      ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: path.resolve(caFile) }),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(jest, 'close');
  return JSON.parse(await readFile(at('report.json'), 'utf8'));
}

function print({ skipped, failures, passed, failed }: Summary): void {
  for (const { file, name, needs } of skipped) console.log(`not run: ${file}: ${name}: needs ${needs}`);
  for (const failure of failures) console.log(`failed: ${failure}`);
  console.log(`${passed} passed, ${failed} failed`);
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  if (values.target === 'cluster' && values.ca === undefined && values.admin === undefined)
    return runInCluster([...(values.json ? ['--json'] : []), ...positionals], report);
  const found = await findTarget({ target: values.target, caFile: values.ca, administratorFile: values.admin, report });
  try {
    const summary = summarise(await runTests(found, positionals));
    if (values.json) console.log(JSON.stringify({ target: found.target?.address ?? values.target, ...summary }));
    else print(summary);
    return summary.failed === 0 && summary.passed > 0 ? 0 : 1;
  } finally {
    await found.close();
  }
}

await runMain({ name: 'e2e', usage, main, exitCodeOf: (error) => (error instanceof UnusableTarget ? 2 : 1) });
