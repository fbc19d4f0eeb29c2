// `npm run format`: lays out all sources alike. With `--check` it writes nothing and names the files that differ.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseCommandLine, runMain } from '@driftbox/command-line';

const root = path.resolve(import.meta.dirname, '../..');
const folders = [
  'packages',
  'services',
  'clients',
  'operator',
  'standalone',
  'charts/src',
  'observability/src',
  'loadtests/src',
  'loadtests/k6',
  'testbed',
  'tools',
  'jest.config.js',
];

const usage = `npm run format [-- --check]

Lays out all sources alike.
  --check  writes nothing, and names the files that differ`;

function main(args: readonly string[]): Promise<number> {
  const { check } = parseCommandLine({ args, options: { check: { type: 'boolean', default: false } } }).values;
  const formatter = [path.join(root, 'node_modules/oxfmt/bin/oxfmt'), ...(check ? ['--check'] : []), ...folders];
  const { status } = spawnSync(process.execPath, formatter, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0 && check) console.log('npm run format lays them out');
  return Promise.resolve(status ?? 1);
}

await runMain({ name: 'format', usage, main });
