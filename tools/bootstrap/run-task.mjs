// Runs the task as a child, as if it had been started in this process's place.
import { spawn } from 'node:child_process';
import os from 'node:os';

/** Starts the task with this process's terminal, passes signals on, and ends as the child ends. */
export function runTask({ node, entry, args, cwd, cache }) {
  const env = {
    // Inherited by whatever the task starts: a service's start compiles hundreds of modules, the same ones each time.
    NODE_COMPILE_CACHE: cache,
    ...process.env,
    // Node's own default lets garbage of young objects grow three times as large in every process, and is no faster.
    NODE_OPTIONS: ['--max-semi-space-size=8', process.env.NODE_OPTIONS].filter(Boolean).join(' '),
  };
  const child = spawn(node, ['--no-warnings', entry, ...args], { cwd, env, stdio: 'inherit' });
  // A terminal sends Ctrl-C to parent and child alike; passing it on would make one key press look like two.
  const forwarded = ['SIGTERM', 'SIGHUP', ...(process.stdin.isTTY ? [] : ['SIGINT'])];
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  if (process.stdin.isTTY) process.on('SIGINT', () => {});
  if (process.env.npm_lifecycle_event !== undefined) onOrphaned(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(
      `bootstrap: ${node} could not be started: ${error.message}. Delete node_modules and run the same command again.\n`,
    );
    process.exitCode = 1;
  });
  // 128 + the signal's number is how a shell reports a child that a signal ended.
  child.on('exit', (code, signal) => process.exit(code ?? 128 + os.constants.signals[signal]));
}

/** How often it is looked whether the parent is still there. */
const lookMs = 500;

/** npm and its shell end at SIGTERM without passing it on. Then nobody is left who could end what they started. */
function onOrphaned(act) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, lookMs);
  timer.unref();
}
