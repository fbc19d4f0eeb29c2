import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { waitFor } from '@driftbox/testkit';
import { allProcesses, commandOf, hasEnded, isAlive, processTree, readProcess, startOf } from './index.ts';

/** Above the highest number that Linux gives. */
const nobody = 2 ** 22 + 1;

let children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  children = [];
});

/** Starts a command and answers its process and the first line that it prints. */
async function start(
  command: string,
  ...args: string[]
): Promise<{ readonly child: ChildProcess; readonly pid: number; readonly line: string }> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, pid: child.pid ?? 0, line: printed.toString().trim() };
}

test('a process is alive until it has ended, and then known to have', async () => {
  const { child, pid } = await start('sh', '-c', 'echo up; exec sleep 60');
  const began = startOf(pid) ?? { boot: '', began: '' };
  expect([isAlive(pid), hasEnded(pid, began), hasEnded(process.pid, startOf(process.pid) ?? began)]).toEqual([true, false, false]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect([isAlive(pid), hasEnded(pid, began), startOf(pid)]).toEqual([false, true, undefined]);
});

test('a number that another process has by now, or had before the machine was started, is not taken for the process that had it', () => {
  const { boot, began } = startOf(process.pid) ?? { boot: '', began: '' };
  expect(hasEnded(process.pid, { boot, began: String(Number(began) - 1) })).toBe(true);
  expect(hasEnded(process.pid, { boot: 'the boot before', began })).toBe(true);
});

test('a process that nobody has buried has ended', async () => {
  const { pid: parent, line } = await start('sh', '-c', 'sleep 60 & echo $!; exec sleep 61');
  const pid = Number(line);
  // A shell would bury it; what has taken the shell's place does not.
  await waitFor(() => commandOf(parent)[0] === 'sleep');
  process.kill(pid, 'SIGKILL');
  await waitFor(() => readProcess(pid)?.state === 'Z');
  expect(isAlive(pid)).toBe(false);
  expect(hasEnded(pid, startOf(pid) ?? { boot: '', began: '' })).toBe(true);
});

test('a process of somebody else is alive', () => {
  expect(isAlive(1)).toBe(true);
});

test('a name does not pass for a state', async () => {
  const { pid } = await start(process.execPath, '-e', 'process.title = ") Z 7 ("; console.log("up"); setInterval(() => {}, 60_000)');
  expect(readProcess(pid)).toMatchObject({ state: expect.stringMatching(/^[RSD]$/), parent: process.pid });
  expect([isAlive(pid), commandOf(pid)]).toEqual([true, [') Z 7 (']]);
});

test('time on processors is counted for a process and for its children that have ended', async () => {
  const burn = 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done';
  const { pid } = await start('sh', '-c', `sh -c '${burn}'; echo up; exec sleep 60`);
  expect(readProcess(pid)?.childrenCpuSeconds).toBeGreaterThan(0);
  const { cpuSeconds = 0 } = readProcess(process.pid) ?? {};
  const { user, system } = process.cpuUsage();
  expect(Math.abs((user + system) / 1e6 - cpuSeconds)).toBeLessThan(1);
});

test('the tree of a process has all below it, and nobody else', async () => {
  const { pid, line } = await start('sh', '-c', 'sh -c "sleep 60 & echo \\$\\$ \\$!; wait" & wait');
  expect(processTree(pid)).toEqual([pid, ...line.split(' ').map(Number)]);
  expect(processTree(nobody)).toEqual([]);
  expect(allProcesses()).toEqual(expect.arrayContaining(processTree(process.pid)));
  for (const one of processTree(pid).slice(1)) process.kill(one, 'SIGKILL');
});

test('there is nothing to read of a process that is not there', () => {
  expect([readProcess(nobody), commandOf(nobody), startOf(nobody), isAlive(nobody)]).toEqual([undefined, [], undefined, false]);
});

test('where nothing can be read, a process is alive while it can be signalled, and no other is known to have its number', async () => {
  const module = path.join(import.meta.dirname, 'index.ts');
  const script = `const { allProcesses, hasEnded, isAlive, processTree, startOf } = await import(${JSON.stringify(module)});
    const before = { boot: 'a boot', began: '7' };
    const of = (pid) => [isAlive(pid), hasEnded(pid, before), processTree(pid), startOf(pid) ?? null];
    console.log(JSON.stringify([of(process.pid), of(${nobody}), allProcesses()]));`;
  const args = ['--permission', `--allow-fs-read=${import.meta.dirname}`, '--no-warnings', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual([[true, false, [], null], [false, true, [], null], []]);
});
