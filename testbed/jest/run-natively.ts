import { rm } from 'node:fs/promises';
import { createRequire, registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { testLogsVariable } from '../src/keep-logs.ts';
import { setGlobals } from './globals.ts';
import { testFileVariable } from './test-file.ts';
import { testLogsFolder } from './test-logs-folder.ts';

/** A `testRunner` as jest calls it: with its global and the project's configuration, and a way to report single tests. */
type TestRunner = (
  global: unknown,
  project: { readonly rootDir: string },
  environment: unknown,
  runtime: unknown,
  file: string,
  send: unknown,
) => Promise<{ readonly numFailingTests: number; readonly testExecError?: unknown }>;

const require = createRequire(import.meta.url);
const { default: runCircus } = require('jest-circus/runner') as { default: TestRunner };
const globals = new URL('globals.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => (specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context)),
});

/** Where random cases begin: in CI with the same each time, so that a change is judged by what it changed; elsewhere anywhere. */
const seed = process.env['DRIFTBOX_TEST_SEED'] ?? (process.env['CI'] === 'true' ? '1' : undefined);
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) });

/** What jest's runner asks of a runtime, answered by Node itself: modules are loaded once for all test files of a worker. */
const nodeItself = {
  requireInternalModule(path: string): unknown {
    // Loaded anew for each test file, because its state is that of one file.
    delete require.cache[path];
    delete (globalThis as Record<symbol, unknown>)[Symbol.for('EVENT_HANDLERS')];
    return require(path);
  },
  requireModule: require,
  setGlobalsForRuntime: setGlobals,
  unstable_shouldLoadAsEsm: (): boolean => true,
  unstable_importModule: (path: string): Promise<unknown> => import(pathToFileURL(path).href),
  enterTestCode(): void {},
  leaveTestCode(): void {},
};

/** Jest's `testRunner`: runs a test file as jest would, in the realm and with the modules of the worker's own process. */
const runNatively: TestRunner = async (global, project, environment, _runtime, file, send) => {
  const logs = path.join(testLogsFolder(project.rootDir), path.relative(project.rootDir, file).replaceAll(path.sep, '-'));
  process.env[testFileVariable] = file;
  process.env[testLogsVariable] = logs;
  const result = await runCircus(global, project, environment, nodeItself, file, send);
  const isGood = result.numFailingTests === 0 && (result.testExecError ?? undefined) === undefined;
  if (isGood) await rm(logs, { recursive: true, force: true });
  return result;
};

export default runNatively;
