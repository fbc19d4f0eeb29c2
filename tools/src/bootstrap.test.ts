import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const tools = path.resolve(import.meta.dirname, '..');
let root: string;

/** A checkout without outside packages: npm then needs no registry, and the running Node is used. */
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'driftbox-bootstrap-'));
  fs.mkdirSync(path.join(root, 'tools/src'), { recursive: true });
  fs.cpSync(path.join(tools, 'bootstrap.mjs'), path.join(root, 'tools/bootstrap.mjs'));
  fs.cpSync(path.join(tools, 'bootstrap'), path.join(root, 'tools/bootstrap'), { recursive: true });
  const manifest = { name: 'copy', version: '0.1.0', type: 'module', workspaces: ['packages/*'] };
  write('package.json', JSON.stringify(manifest));
  const one = { name: 'one', version: '0.1.0' };
  write('packages/one/package.json', JSON.stringify(one));
  const packages = { '': manifest, 'packages/one': one, 'node_modules/one': { resolved: 'packages/one', link: true } };
  write('package-lock.json', JSON.stringify({ name: 'copy', version: '0.1.0', lockfileVersion: 3, requires: true, packages }));
  write('.npmrc', 'update-notifier=false\n');
});

afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
}

type Ended = { code: number | null; out: string; err: string };

function run(args: readonly string[], env: Record<string, string> = { CI: '' }): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['tools/bootstrap.mjs', ...args],
      { cwd: root, env: { ...process.env, ...env } },
      (_, out, err) => {
        resolve({ code: child.exitCode, out, err });
      },
    );
  });
}

test('the first run installs, the second does and says nothing', async () => {
  expect(await run(['install'])).toMatchObject({ code: 0, err: expect.stringContaining('dependencies ready') });
  expect(await run(['install'])).toEqual({ code: 0, out: '', err: '' });
});

test('a changed package.json is noticed', async () => {
  await run(['install']);
  write('packages/new/package.json', JSON.stringify({ name: 'new', version: '0.1.0' }));
  expect((await run(['install'])).err).toContain('installing dependencies');
});

test('of two runs at once one installs', async () => {
  const runs = await Promise.all([run(['install']), run(['install'])]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0]);
  expect(runs.filter(({ err }) => err.includes('dependencies ready'))).toHaveLength(1);
});

test('a lock left by a process that died is taken over', async () => {
  const gone = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => gone.on('exit', resolve));
  write('.cache/install.lock', String(gone.pid));
  expect(await run(['install'])).toMatchObject({ code: 0 });
  expect(fs.readdirSync(path.join(root, '.cache'))).toEqual([]);
});

test('on a build server a lockfile that is behind is an error that says what to do', async () => {
  write('packages/new/package.json', JSON.stringify({ name: 'new', version: '0.1.0', dependencies: { koa: '3.0.0' } }));
  expect(await run(['install'], { CI: 'true' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('Run npm install and commit the lockfile'),
  });
});

test('a task gets its arguments, and its exit code comes back', async () => {
  write('tools/src/check.ts', 'const code: number = 7;\nconsole.log(process.argv.slice(2).join());\nprocess.exit(code);\n');
  expect(await run(['check', 'a', '--b'])).toMatchObject({ code: 7, out: 'a,--b\n' });
});

test('a signal reaches the task, and what it answers comes back', async () => {
  write('tools/src/check.ts', `process.on('SIGTERM', () => process.exit(9));\nsetInterval(() => {}, 1000);\nconsole.log('ready');\n`);
  const child = spawn(process.execPath, ['tools/bootstrap.mjs', 'check'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.on('data', () => child.kill('SIGTERM'));
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(9);
});

test('a task that npm started ends when npm is gone', async () => {
  const ended = path.join(root, 'ended');
  const end = `process.on('SIGTERM', () => {\nfs.writeFileSync('ended', '');\nprocess.exit();\n})`;
  write('tools/src/check.ts', `import fs from 'node:fs';\n${end};\nsetInterval(() => {}, 1000);\nconsole.log('ready');\n`);
  const env = { ...process.env, npm_lifecycle_event: 'check' };
  // The shell has something left to do, so that it stays as the parent.
  const shell = spawn('sh', ['-c', `${process.execPath} tools/bootstrap.mjs check; :`], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  shell.stdout.on('data', () => shell.kill('SIGTERM'));
  // It closes once nobody has it any more.
  await new Promise((resolve) => shell.stdout.on('close', resolve));
  expect(fs.existsSync(ended)).toBe(true);
});

test('an unknown task names the known ones', async () => {
  expect(await run(['dance'])).toMatchObject({ code: 1, err: expect.stringContaining('Known: install, start, test') });
});
