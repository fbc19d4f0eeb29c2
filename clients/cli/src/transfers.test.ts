import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Problem } from '@driftbox/protocol';
import { seededRandom, temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import { exitCodes, runProgram } from './index.ts';
import { contentAt, pathsOf, startMemoryServer } from './testing/memory-server.ts';
import type { MemoryServer } from './testing/memory-server.ts';
import { partFile } from '@driftbox/transfer';

let server: MemoryServer;
let folder: TemporaryFolder;
beforeEach(async () => {
  [server, folder] = await Promise.all([startMemoryServer(), temporaryFolder()]);
});
afterEach(async () => {
  await Promise.all([server.close(), folder.remove()]);
});

type Report = {
  files: number;
  folders: number;
  symlinks: number;
  unchanged: number;
  sentBytes: number;
  fetchedBytes: number;
  leftOut: { path: string; why: string }[];
};

/** Runs a command with `--json` as the signed-in user, and answers its exit code, its result and what it complained about. */
async function run(...args: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const env = { DRIFTBOX_CONFIG_DIR: at('config'), DRIFTBOX_TOKEN: 'token', DRIFTBOX_SERVER: server.address };
  const code = await runProgram([...args, '--json'], {
    env,
    signal: new AbortController().signal,
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => errors.push(text) },
  });
  return { code, report: (out.length === 0 ? {} : JSON.parse(out.join(''))) as Report, errors: errors.join('') };
}

const at = (name: string): string => `${folder.path}/${name}`;
const sentSince = (mark: number): number => server.seen.slice(mark).reduce((sum, one) => sum + one.bytes, 0);
const mib = 2 ** 20;

/** A tree with every kind of thing that a rule is stated for. */
function makeTree(root: string): void {
  mkdirSync(`${root}/deep/er`, { recursive: true });
  mkdirSync(`${root}/empty folder`);
  writeFileSync(`${root}/a.txt`, 'hello');
  writeFileSync(`${root}/deep/same.txt`, 'hello');
  writeFileSync(`${root}/empty`, '');
  writeFileSync(`${root}/deep/er/😀 "line\nbreak"`, 'odd');
  writeFileSync(`${root}/run.sh`, '#!/bin/sh');
  chmodSync(`${root}/run.sh`, 0o755);
  symlinkSync('../a.txt', `${root}/deep/link`);
  symlinkSync('/nowhere', `${root}/dangling`);
  utimesSync(`${root}/a.txt`, 915148799.123, 915148799.123);
}

describe('a tree', () => {
  test('comes back as it went, in few requests', async () => {
    makeTree(at('tree'));
    const put = await run('put', at('tree'), '/here/tree');
    expect(put).toMatchObject({ code: exitCodes.ok, report: { files: 5, folders: 5, symlinks: 2, unchanged: 0, leftOut: [] } });
    expect(server.seen.filter((one) => one.method !== 'GET').map((one) => one.path.split('/').at(-1))).toEqual(['commits']);
    const get = await run('get', '/here/tree', at('copy'));
    expect(get).toMatchObject({ code: exitCodes.ok, report: { files: 5, symlinks: 2 } });
    expect(execFileSync('diff', ['-r', '--no-dereference', at('tree'), at('copy')]).toString()).toBe('');
    expect(lstatSync(at('copy/a.txt'), { bigint: true }).mtimeMs).toBe(915148799123n);
    expect(lstatSync(at('copy/run.sh')).mode & 0o111).not.toBe(0);
    expect(lstatSync(at('copy/a.txt')).mode & 0o111).toBe(0);
  });

  test('that has not changed sends and fetches nothing', async () => {
    makeTree(at('tree'));
    await run('put', at('tree'), '/tree');
    await run('get', '/tree', at('copy'));
    const mark = server.seen.length;
    expect((await run('put', at('tree'), '/tree')).report).toMatchObject({ files: 0, folders: 0, symlinks: 0, unchanged: 7 });
    expect((await run('get', '/tree', at('copy'))).report).toMatchObject({ files: 0, symlinks: 0, unchanged: 7 });
    expect(sentSince(mark)).toBe(0);
  });

  test('of many files takes a request for each thousand', async () => {
    mkdirSync(at('many'));
    for (let index = 0; index < 2100; index += 1) writeFileSync(at(`many/${index}`), `content ${index}`);
    expect((await run('put', at('many'), '/many')).report).toMatchObject({ files: 2100, folders: 1 });
    expect(server.seen.filter((one) => one.method === 'POST').length).toBe(3);
    expect(contentAt(server, '/many/2099').toString()).toBe('content 2099');
    const mark = server.seen.length;
    expect((await run('get', '/many', at('copy'))).report).toMatchObject({ files: 2100 });
    expect(server.seen.length - mark).toBeLessThan(10);
  });

  test('is merged into what is there, and nothing is deleted', async () => {
    makeTree(at('tree'));
    await run('put', at('tree'), '/tree');
    mkdirSync(at('other'));
    writeFileSync(at('other/new.txt'), 'new');
    await run('put', at('other'), '/tree');
    expect(pathsOf(server)).toContain('/tree/a.txt');
    expect(pathsOf(server)).toContain('/tree/new.txt');
  });

  test('fills the root of the drive', async () => {
    makeTree(at('tree'));
    expect((await run('put', at('tree'), '/')).code).toBe(exitCodes.ok);
    expect(pathsOf(server)).toContain('/deep/er/');
  });
});

describe('what cannot be kept', () => {
  test('is told by name, and everything else goes on', async () => {
    mkdirSync(at('tree'));
    writeFileSync(at('tree/good'), 'good');
    writeFileSync(Buffer.concat([Buffer.from(`${at('tree')}/`), Buffer.from([0xff, 0xfe])]), 'bad name');
    execFileSync('mkfifo', [at('tree/pipe')]);
    const { code, report } = await run('put', at('tree'), '/tree');
    expect(code).toBe(exitCodes.partial);
    expect(report.leftOut.map((one) => one.why).sort()).toEqual(['has a name that is not valid UTF-8', 'is no file, folder or link']);
    expect(pathsOf(server)).toEqual(['/tree/', '/tree/good']);
  });

  test('includes the second of two names that are one in NFC', async () => {
    mkdirSync(at('tree'));
    writeFileSync(at('tree/\u00e9'), 'composed');
    writeFileSync(at('tree/e\u0301'), 'decomposed');
    const { code, report } = await run('put', at('tree'), '/tree');
    expect([code, report.files, report.leftOut.length]).toEqual([exitCodes.partial, 1, 1]);
    expect(contentAt(server, '/tree/\u00e9').toString()).toBe('decomposed');
  });

  test('includes a file in the place of a folder, and all below the folder', async () => {
    mkdirSync(at('tree/x'), { recursive: true });
    writeFileSync(at('tree/x/y'), 'y');
    writeFileSync(at('x'), 'a file');
    await run('put', at('x'), '/tree/x');
    const { code, report } = await run('put', at('tree'), '/tree');
    expect([code, report.leftOut.length]).toEqual([exitCodes.partial, 2]);
    expect(contentAt(server, '/tree/x').toString()).toBe('a file');
  });
});

describe('fetching', () => {
  test('never writes through a link, whether to a file or to a folder', async () => {
    makeTree(at('tree'));
    await run('put', at('tree'), '/tree');
    mkdirSync(at('outside'));
    writeFileSync(at('outside/victim'), 'untouched');
    mkdirSync(at('copy'));
    symlinkSync(at('outside'), at('copy/deep'));
    symlinkSync(at('outside/victim'), at('copy/a.txt'));
    const { code } = await run('get', '/tree', at('copy'));
    expect(code).toBe(exitCodes.partial);
    expect(readFileSync(at('outside/victim'), 'utf8')).toBe('untouched');
    expect(existsSync(at('outside/same.txt'))).toBe(false);
    expect(readlinkSync(at('copy/a.txt'))).toBe(at('outside/victim'));
    expect(readFileSync(at('copy/run.sh'), 'utf8')).toBe('#!/bin/sh');
  });

  test('does not touch the file in place when the bytes are damaged', async () => {
    writeFileSync(at('f'), 'right');
    await run('put', at('f'), '/f');
    for (const digest of server.blobs.keys()) server.blobs.set(digest, Buffer.from('wrong'));
    writeFileSync(at('g'), 'mine');
    expect((await run('get', '/f', at('g'))).code).toBe(exitCodes.failed);
    expect(readFileSync(at('g'), 'utf8')).toBe('mine');
    expect(execFileSync('ls', ['-A', folder.path]).toString()).not.toContain('.part');
  });
});

test('what an earlier run left of another version does not show', async () => {
  for (const size of [10, 3 * mib]) {
    const content = seededRandom(size).bytes(size);
    writeFileSync(at('f'), content);
    await run('put', at('f'), '/f');
    writeFileSync(partFile(at('g')), seededRandom(1).bytes(4 * mib));
    expect((await run('get', '/f', at('g'))).code).toBe(exitCodes.ok);
    expect(readFileSync(at('g')).equals(content)).toBe(true);
  }
});

describe('a large file', () => {
  const random = seededRandom(7);
  const content = random.bytes(24 * mib);

  test('comes back, and the same bytes elsewhere are not sent again', async () => {
    writeFileSync(at('big'), content);
    expect((await run('put', at('big'), '/big')).code).toBe(exitCodes.ok);
    expect(contentAt(server, '/big').equals(content)).toBe(true);
    const mark = server.seen.length;
    expect((await run('put', at('big'), '/again')).report.files).toBe(1);
    expect(sentSince(mark)).toBeLessThan(20_000);
    await run('get', '/big', at('copy'));
    expect(readFileSync(at('copy')).equals(content)).toBe(true);
  });

  test.each([
    ['in front', Buffer.concat([Buffer.from('x'), content])],
    ['at the end', Buffer.concat([content, Buffer.from('tail')])],
  ])('with bytes added %s sends little, and a copy fetches little', async (_, changed) => {
    writeFileSync(at('big'), content);
    await run('put', at('big'), '/big');
    await run('get', '/big', at('copy'));
    writeFileSync(at('big'), changed);
    const mark = server.seen.length;
    expect((await run('put', at('big'), '/big')).code).toBe(exitCodes.ok);
    expect(sentSince(mark)).toBeLessThan(8_000);
    expect(contentAt(server, '/big').equals(changed)).toBe(true);
    await run('get', '/big', at('copy'));
    expect(readFileSync(at('copy')).equals(changed)).toBe(true);
  });

  test('is taken up where a failed run left it', async () => {
    writeFileSync(at('big'), content);
    server.failNext((one) => one.path.endsWith('/commits'), new Problem('internal'));
    expect((await run('put', at('big'), '/big')).code).toBe(exitCodes.failed);
    const mark = server.seen.length;
    expect((await run('put', at('big'), '/big')).code).toBe(exitCodes.ok);
    expect(sentSince(mark)).toBeLessThan(20_000);
    expect(contentAt(server, '/big').equals(content)).toBe(true);
  });

  test('is sent whole when the server turns out to lack its old chunks', async () => {
    writeFileSync(at('big'), content);
    await run('put', at('big'), '/big');
    server.blobs.clear();
    writeFileSync(at('big'), Buffer.concat([content, Buffer.from('tail')]));
    expect((await run('put', at('big'), '/big')).code).toBe(exitCodes.ok);
    expect(contentAt(server, '/big').length).toBe(content.length + 4);
  });
});

describe('trouble', () => {
  test('of a moment is waited out', async () => {
    writeFileSync(at('f'), 'content');
    server.failNext((one) => one.path.endsWith('/commits'), new Problem('unavailable'));
    expect((await run('put', at('f'), '/f')).code).toBe(exitCodes.ok);
  });

  test.each([
    ['quota_exceeded', exitCodes.noRoom],
    ['permission_denied', exitCodes.refused],
    ['unauthenticated', exitCodes.refused],
  ] as const)('%s ends the run with its own code', async (code, expected) => {
    writeFileSync(at('f'), 'content');
    server.failNext((one) => one.path.endsWith('/commits'), new Problem(code));
    expect((await run('put', at('f'), '/f')).code).toBe(expected);
  });

  test('with a path is told before anything is sent', async () => {
    writeFileSync(at('f'), 'content');
    for (const path of ['/a/../b', '/a//b', '/nul\0', `/${'x'.repeat(256)}`]) {
      expect((await run('put', at('f'), path)).code).toBe(exitCodes.usage);
    }
    expect((await run('put', at('missing'), '/f')).code).toBe(exitCodes.failed);
    expect((await run('get', '/missing')).code).toBe(exitCodes.notFound);
    expect(pathsOf(server)).toEqual([]);
  });
});

describe('commands', () => {
  test('make, move, delete and bring back', async () => {
    writeFileSync(at('f'), 'content');
    expect((await run('mkdir', '-p', '/a/b')).code).toBe(exitCodes.ok);
    expect((await run('mkdir', '/a')).code).toBe(exitCodes.conflict);
    await run('put', at('f'), '/a/');
    await run('mv', '/a/f', '/a/b');
    expect(pathsOf(server)).toEqual(['/a/', '/a/b/', '/a/b/f']);
    expect((await run('mv', '/a/b/f', '/nowhere/')).code).toBe(exitCodes.usage);
    expect((await run('rm', '/a')).code).toBe(exitCodes.usage);
    expect((await run('rm', '-r', '/a')).code).toBe(exitCodes.ok);
    expect(pathsOf(server)).toEqual([]);
    expect((await run('restore', '/a')).code).toBe(exitCodes.ok);
    expect(pathsOf(server)).toEqual(['/a/', '/a/b/', '/a/b/f']);
    expect((await run('ls', '/a/b')).report).toMatchObject({ items: [{ name: 'f', sizeBytes: 7 }] });
  });
});
