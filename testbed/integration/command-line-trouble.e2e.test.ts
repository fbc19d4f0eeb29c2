import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { seededRandom, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signalDatabase } from '../src/database-process.ts';
import { startTamperingProxy, type TamperingProxy } from '../src/tampering-proxy.ts';
import { openWorld, type OpenWorld } from '../src/target/open-world.ts';
import { testThatNeeds } from '../src/target/test-that-needs.ts';

/** Exit codes of docs/cli.md. */
const [failed, usage, notFound, unavailable] = [1, 2, 4, 7];

let world: OpenWorld;
let proxy: TamperingProxy;
beforeAll(async () => {
  world = await openWorld();
  proxy = await startTamperingProxy(world.address);
  await writeFile(at('note'), 'the first note');
  await world.cli.must('put', at('note'), '/note');
});
afterAll(async () => {
  await proxy?.close();
  await world?.close();
});

const at = (name: string): string => path.join(world.folder, name);
const run = (...args: string[]) => world.cli.run(...args, '--server', proxy.address);

/** One sentence for a person: no stack, nothing on standard output. */
function expectTold({ stdout, stderr }: { stdout: string; stderr: string }): void {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/driftbox: \S/);
  expect(stderr).not.toMatch(/^\s+at /m);
}

describe('an answer of the server that makes no sense', () => {
  test.each([
    ['is no JSON', '{"items": [', failed],
    ['is empty', '', failed],
    ['is other JSON', '{"items": [{"drive": 7}]}', failed],
    ['is a web page', '<html>welcome to this network</html>', failed],
  ])('that %s is told in a sentence', async (_how, text, code) => {
    proxy.tamper({ path: /\/v1\/drives(\?|$)/, how: 'other', with: text });
    const answered = await run('ls');
    proxy.tamper(undefined);
    expect(answered.code).toBe(code);
    expectTold(answered);
  });

  test('that ends in the middle, every time, is unavailable', async () => {
    proxy.tamper({ path: /\/v1\/drives(\?|$)/, how: 'cut' });
    const answered = await run('ls');
    proxy.tamper(undefined);
    expect(answered.code).toBe(unavailable);
    expectTold(answered);
  });

  test('whose bytes are not those of the digest touches no file', async () => {
    await writeFile(at('mine'), 'mine');
    proxy.tamper({ path: /\/chunks\/fetch/, how: 'flip' });
    const answered = await run('get', '/note', at('mine'));
    proxy.tamper(undefined);
    expect(answered.code).toBe(failed);
    expect(await readFile(at('mine'), 'utf8')).toBe('mine');
    expect((await run('get', '/note', at('mine'))).code).toBe(0);
    expect(await readFile(at('mine'), 'utf8')).toBe('the first note');
  });
});

describe('a name', () => {
  test.each([
    ['two dots', '/../escape'],
    ['dots further down', '/a/../../escape'],
    ['a dot', '/.'],
    ['256 bytes', `/${'x'.repeat(256)}`],
    ['256 bytes in fewer letters', `/${'é'.repeat(128)}`],
    ['129 levels', `/${'d/'.repeat(128)}deep`],
  ])('of %s is refused before anything is sent', async (_what, name) => {
    const answered = await world.cli.run('put', at('note'), name);
    expect(answered.code).toBe(usage);
    expectTold(answered);
  });

  test('of a folder that is not there is not found; in two forms of Unicode it is one', async () => {
    expect((await world.cli.run('get', '/nowhere/note', at('none'))).code).toBe(notFound);
    await world.cli.must('put', at('note'), '/Cafe\u0301');
    expect(await world.cli.must('ls', '/')).toContain('Caf\u00e9');
  });
});

const mount = (...args: string[]): boolean => spawnSync('mount', args).status === 0;

// Only who may mount can make a small disk.
testThatNeeds('mounts')('a full disk here is told, leaves what was there, and the next run goes on', async () => {
  const bytes = seededRandom(7).bytes(3_000_000);
  await writeFile(at('big'), bytes);
  await world.cli.must('put', at('big'), '/big');
  await mkdir(at('small'));
  expect(mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at('small'))).toBe(true);
  try {
    await writeFile(path.join(at('small'), 'big'), 'an older one');
    const answered = await world.cli.run('get', '/big', path.join(at('small'), 'big'));
    expect(answered.code).toBe(failed);
    expectTold(answered);
    expect(answered.stderr).toMatch(/ENOSPC|no space/i);
    expect(await readFile(path.join(at('small'), 'big'), 'utf8')).toBe('an older one');
    expect(mount('-o', 'remount,size=32m', at('small'))).toBe(true);
    await world.cli.must('get', '/big', path.join(at('small'), 'big'));
    expect((await readFile(path.join(at('small'), 'big'))).equals(bytes)).toBe(true);
    expect((await readdir(at('small'))).filter((name) => name !== 'big')).toEqual([]);
  } finally {
    spawnSync('umount', ['-l', at('small')]);
  }
});

testThatNeeds('ownServer')('a put goes on when the database was away while it ran', async () => {
  await mkdir(at('tree'));
  for (let index = 0; index < 60; index += 1) await writeFile(at(`tree/${index}`), seededRandom(index).bytes(200_000));
  const put = world.cli.start('put', at('tree'), '/tree');
  let said = '';
  put.stdout!.on('data', (piece: Buffer) => (said += piece.toString()));
  put.stderr!.on('data', (piece: Buffer) => (said += piece.toString()));
  const ended = once(put, 'close') as Promise<[number | null]>;
  const { dataFolder } = world.own();
  const pool = path.join(dataFolder, 'pool');
  const before = await countFiles(pool);
  // In the middle: bytes have arrived.
  await waitFor(async () => put.exitCode !== null || (await countFiles(pool)) > before, { deadlineMs: 20_000, what: 'the put to send' });
  await signalDatabase(dataFolder, 'SIGSTOP');
  const stopped = Date.now();
  await waitFor(() => Date.now() - stopped > 1_000, { deadlineMs: 5_000, what: 'a second without the database' });
  await signalDatabase(dataFolder, 'SIGCONT');
  const [code] = await ended;
  // Either it waited, or it says that the server cannot be reached; then it is enough to call it again.
  expect([said, [0, unavailable].includes(code ?? -1)]).toEqual([said, true]);
  await world.cli.must('put', at('tree'), '/tree');
  await rm(at('copy'), { recursive: true, force: true });
  await world.cli.must('get', '/tree', at('copy'));
  expect((await readdir(at('copy'))).length).toBe(60);
  for (let index = 0; index < 60; index += 1)
    expect((await readFile(at(`copy/${index}`))).equals(await readFile(at(`tree/${index}`)))).toBe(true);
});

async function countFiles(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map((name) => stat(path.join(folder, name)).catch(() => undefined)));
  return sizes.filter((one) => one?.isFile() === true).length;
}
