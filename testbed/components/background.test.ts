// `npm run components` as people run it, with the smallest server, in a temporary folder of its own.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporaryFolder, waitFor, type TemporaryFolder } from '@driftbox/testkit';
import type { KeptComponent } from './background.ts';

type Row = { readonly name: string; readonly installed: boolean; readonly running?: KeptComponent };

let folder: TemporaryFolder;
beforeAll(async () => void (folder = await temporaryFolder()));
afterAll(async () => {
  await components('stop');
  await folder.remove();
});

async function components(...args: string[]): Promise<{ code: number | null; answer: unknown; complaints: string }> {
  const file = path.join(import.meta.dirname, 'main.ts');
  const child = execFile(process.execPath, ['--no-warnings', file, ...args, '--json'], { env: { ...process.env, TMPDIR: folder.path } });
  let [out, complaints] = ['', ''];
  child.stdout!.on('data', (text: string) => (out += text));
  child.stderr!.on('data', (text: string) => (complaints += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, answer: out === '' ? undefined : JSON.parse(out), complaints };
}

async function startSmtp(): Promise<KeptComponent> {
  const { code, answer } = await components('start', 'smtp');
  const [kept] = answer as [KeptComponent];
  expect([code, kept.name]).toEqual([0, 'smtp']);
  return kept;
}

async function runningNow(): Promise<string[]> {
  const { code, answer } = await components('status');
  expect(code).toBe(0);
  return (answer as Row[]).filter(({ running }) => running !== undefined).map(({ name }) => name);
}

/** The first line that a mail server says, or how the connection failed. */
async function greeting({ addresses }: KeptComponent): Promise<string> {
  const socket = connect(Number(new URL(addresses['url'] ?? '').port), '127.0.0.1');
  try {
    const [data] = (await once(socket, 'data')) as [Buffer];
    return data.toString();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? '';
  } finally {
    socket.destroy();
  }
}

test('a component outlives whoever started it, is the same when it is started again, and is gone once it is stopped', async () => {
  expect(await runningNow()).toEqual([]);
  const kept = await startSmtp();
  expect(await greeting(kept)).toMatch(/^220 /);
  expect(await startSmtp()).toEqual(kept);
  expect(await runningNow()).toEqual(['smtp']);
  expect(await components('stop', 'smtp')).toMatchObject({ code: 0, answer: ['smtp'] });
  expect(await greeting(kept)).toBe('ECONNREFUSED');
  expect(await runningNow()).toEqual([]);
  expect(await readdir(folder.path, { recursive: true })).not.toContainEqual(expect.stringMatching(/smtp/));
  expect(await components('stop', 'smtp')).toMatchObject({ code: 0, answer: [] });
});

test('one whose keeper was killed does not run any more, and can be started again', async () => {
  const killed = await startSmtp();
  process.kill(killed.keeper, 'SIGKILL');
  await waitFor(async () => (await greeting(killed)) === 'ECONNREFUSED', { what: 'the end of the server' });
  expect(await runningNow()).toEqual([]);
  const next = await startSmtp();
  expect(next.keeper).not.toBe(killed.keeper);
  expect(await greeting(next)).toMatch(/^220 /);
  expect(await components('stop')).toMatchObject({ code: 0, answer: ['smtp'] });
});

test('a name that there is not is told with those that there are', async () => {
  const { code, complaints } = await components('start', 'mtp');
  expect(code).toBe(2);
  expect(complaints).toMatch(/a component is .*kubernetes, not mtp; did you mean smtp\?/);
});
