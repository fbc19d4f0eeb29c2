// `npm run format`: lays out all sources alike. With `--check` it writes nothing and names the files that differ.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const check = process.argv.includes('--check');
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
const args = [path.join(root, 'node_modules/oxfmt/bin/oxfmt'), ...(check ? ['--check'] : []), ...folders];
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
if (status !== 0 && check) console.log('npm run format lays them out');
process.exitCode = status ?? 1;
