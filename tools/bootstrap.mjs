// The door of every root script: `node tools/bootstrap.mjs TASK [ARGUMENTS]`.
// It makes sure that the dependencies are installed, then runs the task under the pinned Node with its arguments.
// It runs before anything is installed and under whatever Node the reader has: no dependencies, no TypeScript, nothing newer than Node 20.
import fs from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './bootstrap/ensure-installed.mjs';
import { findNode } from './bootstrap/find-node.mjs';
import { runTask } from './bootstrap/run-task.mjs';

/** What each task starts, relative to the root; `install` ends once everything is there. */
const tasks = {
  install: null,
  start: 'standalone/src/main.ts',
  test: 'tools/src/test.ts',
  check: 'tools/src/check.ts',
  tidy: 'tools/src/tidy.ts',
  format: 'tools/src/format.ts',
  generate: 'tools/src/generate.ts',
  bench: 'testbed/bench/main.ts',
  sim: 'testbed/simulation/main.ts',
  accept: 'testbed/accept/main.ts',
  components: 'testbed/components/main.ts',
  qualify: 'testbed/qualify/main.ts',
  stack: 'testbed/stack/main.ts',
  e2e: 'testbed/e2e/main.ts',
  chaos: 'testbed/chaos/main.ts',
  load: 'loadtests/src/main.ts',
  images: 'testbed/images/main.ts',
  release: 'testbed/images/release.ts',
  cluster: 'testbed/cluster/main.ts',
  smoke: 'testbed/accept/platform/smoke.ts',
  events: 'packages/event-bus/src/main.ts',
  driftbox: 'clients/cli/src/main.ts',
};

/** The command line works on the reader's files, so it keeps the folder that npm was called from. */
const keepsFolder = new Set(['driftbox']);

const root = path.dirname(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname));
const [name = '', ...args] = process.argv.slice(2);

try {
  const entry = tasks[name];
  if (entry === undefined) throw new Error(`unknown task "${name}". Known: ${Object.keys(tasks).join(', ')}.`);
  await ensureInstalled(root);
  if (entry === null) process.exit();
  if (!fs.existsSync(path.join(root, entry)))
    throw new Error(`${entry} is missing from this checkout. Restore it with git, then try again.`);
  const cwd = keepsFolder.has(name) ? (process.env.INIT_CWD ?? process.cwd()) : root;
  runTask({ node: findNode(root), entry: path.join(root, entry), args, cwd, cache: path.join(root, '.cache/compiled') });
} catch (error) {
  process.stderr.write(`bootstrap: ${error.message}\n`);
  process.exitCode = 1;
}
