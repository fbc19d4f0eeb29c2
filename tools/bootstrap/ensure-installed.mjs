// Installs the dependencies when the lockfile or a package.json changed since the last time, and is silent otherwise.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findNode } from './find-node.mjs';
import { fingerprint } from './fingerprint.mjs';
import { withLock } from './lock.mjs';
import { outdatedWorkspaces } from './outdated-workspaces.mjs';

/** Resolves when `node_modules` matches the lockfile. Safe to run in several processes at once: one installs, the others wait. */
export async function ensureInstalled(root) {
  if (isCurrent(root)) return;
  await withLock(path.join(root, '.cache', 'install.lock'), () => {
    if (!isCurrent(root)) install(root);
  });
}

/** The stamp lies in `node_modules`, so that it goes when that folder goes. */
function stampPath(root) {
  return path.join(root, 'node_modules', '.driftbox-installed');
}

function isCurrent(root) {
  try {
    return fs.readFileSync(stampPath(root), 'utf8') === fingerprint(root);
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function install(root) {
  const startedMs = Date.now();
  const outdated = outdatedWorkspaces(root);
  if (outdated.length > 0 && process.env.CI) {
    throw new Error(`package-lock.json does not know what ${outdated.join(', ')} declares. Run npm install and commit the lockfile.`);
  }
  process.stderr.write(`bootstrap: installing dependencies${outdated.length > 0 ? ' and updating package-lock.json' : ''}\n`);
  // `npm ci` would empty node_modules below processes that run from it, and refuses a lockfile made where a registry lacks the optional
  // packages of other platforms. `npm install` takes the locked versions; with --no-save it leaves the lockfile as it is.
  const save = outdated.length > 0 ? [] : ['--no-save'];
  // Install scripts stay off whatever the version of npm: nothing here needs one, and none of them has been reviewed.
  runNpm(root, ['install', ...save, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  checkNode(root);
  fs.writeFileSync(stampPath(root), fingerprint(root));
  process.stderr.write(`bootstrap: dependencies ready in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
}

function runNpm(root, args) {
  const cli = process.env.npm_execpath;
  const viaNode = cli !== undefined && /npm-cli\.c?js$/.test(cli);
  const command = viaNode ? process.execPath : 'npm';
  // What npm prints is for people: it goes to stderr, so that a task's own output stays clean.
  const result = spawnSync(command, viaNode ? [cli, ...args] : args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.error) throw new Error(`npm could not be started (${result.error.message}). Install npm, then run the same command again.`);
  if (result.status !== 0) {
    throw new Error('npm failed (its message is above). Check that the registry answers (npm ping), then run the same command again.');
  }
}

/** A packaged Node that cannot run here (another C library, a damaged file) is better found now than as a riddle later. */
function checkNode(root) {
  const node = findNode(root);
  const { status } = spawnSync(node, ['--version'], { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${node} does not run on this system (it needs glibc 2.28 or newer on Linux).`);
}
