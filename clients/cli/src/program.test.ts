import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { errorCatalogue, Problem } from '@driftbox/protocol';
import type { ErrorCode } from '@driftbox/protocol';
import { temporaryFolder } from '@driftbox/testkit';
import type { TemporaryFolder } from '@driftbox/testkit';
import fc from 'fast-check';
import { exitCodes, loadCommands, runProgram } from './index.ts';
import { commandNames } from './command-table.ts';
import { completionScript, shells } from './completion-script.ts';
import { usageLines } from './command.ts';
import { createCredentialStore } from './credentials.ts';
import { exitCodeOf, UsageError } from './exit-codes.ts';
import { withFileLock } from './file-lock.ts';
import { createOutput, showBytes, showTime, visible } from './output.ts';
import { parseDuration } from './parse-duration.ts';
import { parseServer } from './server-address.ts';
import { tellRoom } from './tell-room.ts';
import { tellTransfer, type TransferReport } from './tell-transfer.ts';
import { line } from './transfer/progress.ts';
import { isPartName, partFile } from '@driftbox/transfer';

const commands = (await loadCommands()).flatMap((group) => group.commands);

let folder: TemporaryFolder;
beforeEach(async () => void (folder = await temporaryFolder()));
afterEach(() => folder.remove());

async function run(args: string[], env: Record<string, string> = {}) {
  let [out, errors] = ['', ''];
  const around = {
    env: { DRIFTBOX_CONFIG_DIR: `${folder.path}/config`, ...env },
    signal: new AbortController().signal,
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (errors += text) },
  };
  return { code: await runProgram(args, around), out, errors };
}

describe('the program', () => {
  test.each(commands.map((command) => [command.name, command] as const))('%s explains itself with an example', async (name, command) => {
    const { code, out } = await run([name, '--help']);
    expect(code).toBe(exitCodes.ok);
    expect(out).toContain(`Usage: driftbox ${name}`);
    expect(command.example).toContain('driftbox');
    for (const flag of Object.keys(command.flags)) expect(out).toContain(`--${flag}`);
    for (const line of usageLines(command)) expect(out).toContain(line);
    expect(command.summary).toMatch(/^[A-Z].{0,80}[^.]$/);
    expect((await run(['help', name])).out).toBe(out);
  });

  test.each([
    [['sycn'], 'there is no command sycn; did you mean sync?'],
    [['--json', 'ls'], 'flags stand behind the command: driftbox COMMAND --json'],
    [['ls', '--lnog'], 'there is no flag --lnog; did you mean --long?'],
    [['put'], 'put needs an argument\n  driftbox put SOURCE [DESTINATION]\n'],
    [['ls', '/a', '/b'], '/b is an argument too many\n  driftbox ls [PATH]\n'],
    [['groups', 'add', 'Writers'], 'add takes other arguments\n  driftbox groups add GROUP EMAIL\ndriftbox groups --help'],
    [['groups', 'frob'], 'the first argument is one of list'],
  ])('says what is wrong with %j, and how it is called', async (args, said) => {
    const { code, out, errors } = await run([...args]);
    expect([code, out]).toEqual([exitCodes.usage, '']);
    if (args.includes('--json')) expect(JSON.parse(errors)).toEqual({ code: 'usage', detail: said });
    else expect(errors).toContain(`driftbox: ${said}`);
  });

  test('tells its version', async () => {
    expect((await run(['--version'])).out).toMatch(/^driftbox \d+\.\d+\.\d+\n$/);
  });

  test('lists its commands, and exits with 2 when none is named', async () => {
    const { code, out } = await run([]);
    expect(code).toBe(exitCodes.usage);
    for (const { name } of commands) expect(out).toContain(name);
    expect(commandNames).toEqual(commands.map(({ name }) => name));
  });

  test.each([['nonsense'], ['ls', '--no-such-flag'], ['put'], ['get'], ['mv', '/a'], ['ls', '/a', '/b']])(
    'refuses %s %s',
    async (...args) => {
      expect((await run(args)).code).toBe(exitCodes.usage);
    },
  );

  test('says who is not signed in, as JSON where asked', async () => {
    const { code, errors } = await run(['whoami', '--json']);
    expect(code).toBe(exitCodes.refused);
    expect(JSON.parse(errors)).toMatchObject({ code: 'unauthenticated' });
  });

  test('says which server is not there', async () => {
    const { code, errors } = await run(['put', import.meta.filename, '/x', '--server', 'http://127.0.0.1:9'], {
      DRIFTBOX_TOKEN: 't',
      PATIENCE: '0',
    });
    expect(code).toBe(exitCodes.unavailable);
    expect(errors).toContain('http://127.0.0.1:9 cannot be reached');
  }, 20_000);
});

test('every code of the catalogue has an exit code, and docs/cli.md states all of them', () => {
  const documented = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
  for (const code of Object.keys(errorCatalogue) as ErrorCode[]) expect(exitCodeOf(code)).toBeGreaterThan(0);
  for (const code of Object.values(exitCodes)) expect(documented).toContain(`| ${code} |`);
});

describe('completion', () => {
  test.each(shells)('for %s names every command and flag', (shell) => {
    const script = completionScript(shell, commands);
    for (const { name, flags } of commands) {
      expect(script).toContain(name);
      for (const flag of Object.keys(flags)) expect(script).toContain(flag);
    }
  });

  test('for bash is bash, and completes', () => {
    const script = `${completionScript('bash', commands)}\nCOMP_WORDS=(driftbox rest) COMP_CWORD=1; _driftbox; echo "\${COMPREPLY[@]}"`;
    expect(execFileSync('bash', ['-c', script]).toString().trim()).toBe('restore');
  });
});

describe('credentials', () => {
  const credentials = {
    server: 'https://files.example.com',
    email: 'a@b.example',
    deviceId: 'd',
    accessToken: 'a',
    expiresAt: '2030-01-01T00:00:00Z',
    refreshToken: 'r0',
    refreshExpiresAt: '2030-01-01T00:00:00Z',
  };

  test('are kept in a file that only their owner may read', async () => {
    mkdirSync(`${folder.path}/config`);
    const store = createCredentialStore(`${folder.path}/config`);
    await store.save(credentials);
    expect(await store.read()).toEqual(credentials);
    expect(statSync(`${folder.path}/config/credentials.json`).mode & 0o777).toBe(0o600);
    await store.remove();
    expect(await store.read()).toBeUndefined();
  });

  test('change one after the other, each seeing the one before', async () => {
    const store = createCredentialStore(folder.path);
    await store.save(credentials);
    const next = () => store.exchange(async (current) => ({ ...current!, refreshToken: `r${Number(current!.refreshToken.slice(1)) + 1}` }));
    await Promise.all(Array.from({ length: 8 }, next));
    expect((await store.read())!.refreshToken).toBe('r8');
  });
});

describe('a lock', () => {
  test('of a process that has died is taken over', async () => {
    const dead = execFileSync('sh', ['-c', 'echo $$']).toString().trim();
    writeFileSync(`${folder.path}/lock`, dead);
    expect(await withFileLock(`${folder.path}/lock`, async () => 'mine')).toBe('mine');
  });

  test('of a living process is respected, and waiting ends', async () => {
    writeFileSync(`${folder.path}/lock`, String(process.pid));
    await expect(withFileLock(`${folder.path}/lock`, async () => 'mine', 30)).rejects.toThrow('another driftbox');
  });

  test('is let go of when the work fails', async () => {
    await expect(withFileLock(`${folder.path}/lock`, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await withFileLock(`${folder.path}/lock`, async () => 'mine')).toBe('mine');
  });
});

describe('what is shown', () => {
  test('never carries a control character to the terminal', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cf}]/u)));
    expect(visible('\u001b[31mred')).toBe('\\u{1b}[31mred');
    expect(visible('日本 é 😀')).toBe('日本 é 😀');
  });

  test.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [150 * 1024, '150 KiB'],
    [5 * 2 ** 40, '5.0 TiB'],
  ])('%d bytes as %s', (bytes, shown) => {
    expect(showBytes(bytes)).toBe(shown);
  });

  const fault = { path: '/a', why: 'cannot be read', fault: true };
  const nothing = { path: '/', files: 0, folders: 0, symlinks: 0, bytes: 0, unchanged: 0, leftOut: [] };
  test.each<[Partial<TransferReport>, string]>([
    [{}, 'Sent nothing'],
    [{ unchanged: 21 }, 'Sent nothing; 21 unchanged'],
    [{ files: 1, bytes: 6, sentBytes: 494 }, 'Sent 1 file (6 B, 494 B on the wire)'],
    [
      { files: 2, bytes: 2048, fetchedBytes: 100, folders: 1, symlinks: 3, unchanged: 4 },
      'Sent 2 files (2.0 KiB, 100 B on the wire), 1 folder, 3 links; 4 unchanged',
    ],
    [{ folders: 1, leftOut: [fault, { ...fault, fault: false }] }, 'Sent 1 folder; 1 failed'],
  ])('of a transfer %j is what there was', (report, said) => {
    let out = '';
    const output = createOutput(false, { write: (text: string) => (out += text) }, { write: () => true });
    tellTransfer(output, 'Sent', { ...nothing, ...report });
    expect(out).toBe(`${said}\n`);
  });

  test('of a quota that is used up is whose it is, where that is known', () => {
    const details = { limit: 'user', usedBytes: 1_000_000, limitBytes: 2 ** 20 };
    expect(tellRoom(new Problem('quota_exceeded', undefined, { details }))).toBe(
      'The limit of the user is 1.0 MiB: driftbox usage tells by what it is used',
    );
    expect(tellRoom(new Problem('quota_exceeded', undefined, { details: { limit: 'files' } }))).toBeUndefined();
    expect(tellRoom(new Problem('too_large', undefined, { details }))).toBeUndefined();
  });

  test('of a moment is told by the clock of this machine', () => {
    const at = new Date(2026, 0, 31, 4, 5, 9, 123);
    expect(showTime(at.toISOString())).toBe('2026-01-31 04:05:09');
  });

  test('of progress is bytes, files, rate and time left', () => {
    expect(line({ bytes: 512, files: 1 }, { bytes: 1024, files: 4 }, 2)).toBe('50 %  512 B of 1.0 KiB, 1 of 4 files, 256 B/s, 2 s left');
    expect(line({ bytes: 0, files: 0 }, { bytes: 0, files: 2 }, 0)).toContain('100 %');
  });
});

describe('what is typed', () => {
  test.each([
    ['90s', 90],
    ['15m', 900],
    ['12h', 43_200],
    ['7d', 604_800],
  ])('%s is a duration', (text, seconds) => expect(parseDuration(text)).toBe(seconds));
  test.each(['', '5', 's', '-5s', '0s', '5w', '5 s'])('%j is none', (text) => expect(() => parseDuration(text)).toThrow(UsageError));

  test.each(['https://files.example.com/', 'http://127.0.0.1:8484', 'http://localhost:1', 'http://[::1]:1', 'https://a.example/prefix'])(
    '%s is a server',
    (text) => {
      expect(parseServer(text, false)).toBe(text.replace(/\/$/, ''));
    },
  );
  test.each([
    'files.example.com',
    'ftp://a.example',
    'http://files.example.com',
    'http://127.0.0.1.evil.example',
    'https://user:secret@a.example',
    'https://a.example/?q',
  ])('%s is none', (text) => {
    expect(() => parseServer(text, false)).toThrow(UsageError);
  });
});

test('an unfinished download is never taken for content', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) =>
      expect(isPartName(partFile(`/x/${name.replaceAll('/', '')}y`).slice('/x/'.length))).toBe(true),
    ),
  );
  expect(isPartName('.driftbox-notes.part')).toBe(false);
});
