import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import path from 'node:path';
import { promisify } from 'node:util';
import { differences } from '../../src/compare-files.ts';
import { attributesOf, measureTree } from '../../src/measure-tree.ts';
import { makeOddTree } from '../../src/odd-tree.ts';
import { worldPassword } from '../../src/world.ts';
import { secondsOf } from '../../bench/interleave.ts';
import type { Point } from '../point.ts';
import { inFreshClone, type FreshClone } from './in-fresh-clone.ts';

type Started = { readonly address: string; readonly invitation: string; readonly seconds: number; stop(): Promise<void> };

/** `npm start` in the clone, which installs everything first. */
async function start({ clone, folder, env }: FreshClone): Promise<Started> {
  const startMs = performance.now();
  const child = spawn('npm', ['start', '--silent', '--', '--json'], {
    cwd: clone,
    env: { ...env, DRIFTBOX_DATA: path.join(folder, 'data'), DRIFTBOX_PORT: '0', DRIFTBOX_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: npm does not hand every signal on.
    detached: true,
  });
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGTERM');
    await ended;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue;
    const ready = JSON.parse(line) as { address: string; firstAdministrator: { invitation: string } };
    child.stdout.resume();
    return { address: ready.address, ...ready.firstAdministrator, seconds: (performance.now() - startMs) / 1000, stop };
  }
  throw new Error('npm start ended before it was ready');
}

/** Sign up, put a real tree in, get it back, all by the commands of the README on a clean clone: nothing differs, attributes included. */
export const realTree: Point = {
  number: 1,
  promise: 'from a clean clone, a real tree of at least 10,000 files and 300 MB comes back the same',
  show: () =>
    inFreshClone(async (fresh) => {
      const { clone, folder, env } = fresh;
      const server = await start(fresh);
      const driftbox = (...args: string[]) =>
        promisify(execFile)('npm', ['run', '--silent', 'driftbox', '--', ...args], {
          cwd: clone,
          env: { ...env, DRIFTBOX_CONFIG_DIR: path.join(folder, 'config') },
          maxBuffer: 64 * 2 ** 20,
        });
      try {
        const source = path.join(folder, 'tree');
        const copy = path.join(folder, 'copy');
        const password = path.join(folder, 'password');
        await writeFile(password, `${worldPassword}\n`, { mode: 0o600 });
        const person = ['--email', 'ada@example.com', '--name', 'Ada', '--password-file', password];
        await driftbox('signup', '--server', server.address, '--invitation', server.invitation, ...person);
        await makeOddTree(source);
        const { files, bytes } = await measureTree(source);
        const putSeconds = await secondsOf(() => driftbox('put', source, '/tree'));
        const getSeconds = await secondsOf(() => driftbox('get', '/tree', copy));
        const differing = await differences(source, copy);
        const before = await attributesOf(source);
        const after = new Set(await attributesOf(copy));
        const changed = before.filter((line) => !after.has(line));
        const holds = differing === '' && changed.length === 0 && files >= 10_000 && bytes >= 300e6;
        const figure = [
          `npm start from nothing, empty npm cache: ready in ${server.seconds.toFixed(1)} s`,
          `${files} files, ${Math.round(bytes / 1e6)} MB: put ${putSeconds.toFixed(1)} s, get ${getSeconds.toFixed(1)} s`,
          `diff -r: ${differing.slice(0, 2000) || 'nothing'}`,
          `attributes changed: ${changed.slice(0, 5).join(' | ') || 'none'}`,
        ].join('; ');
        return { holds, figure };
      } finally {
        await server.stop();
      }
    }),
};
