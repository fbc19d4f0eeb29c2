import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { nearest, parseCommandLine, readChoice, readNumber, UsageError } from './index.ts';

const options = { seed: { type: 'string', short: 's' }, json: { type: 'boolean' }, minutes: { type: 'string' } } as const;

function refusalOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return error instanceof UsageError ? error.message : String(error);
  }
}

test('a command line is read as node reads it', () => {
  const { values, positionals } = parseCommandLine({ args: ['a', '-s', '7', '--json', '--minutes=-1'], options, allowPositionals: true });
  expect([{ ...values }, positionals]).toEqual([{ seed: '7', json: true, minutes: '-1' }, ['a']]);
});

test.each([
  [['--nonsense'], 'there is no flag --nonsense'],
  [['--jsno'], 'there is no flag --jsno; did you mean --json?'],
  [['--seeds=3'], 'there is no flag --seeds; did you mean --seed?'],
  [['-x'], 'there is no flag -x'],
  [["--it's"], "there is no flag --it's"],
  [['--seed'], '--seed takes a value'],
  [['--minutes'], '--minutes takes a value'],
  [['--minutes', '--json'], '--minutes takes a value; one that begins with a dash is given as --minutes=-...'],
  [['--json=3'], '--json takes no value'],
  [['a b'], 'a b is an argument too many: there are flags only'],
])('%j is refused in words', (args, message) => {
  expect(refusalOf(() => parseCommandLine({ args, options }))).toBe(message);
  // What may follow changes what node says of a flag that it does not know.
  if (args[0]?.startsWith('-') === true) expect(refusalOf(() => parseCommandLine({ args, options, allowPositionals: true }))).toBe(message);
});

describe('what was probably meant', () => {
  const known = ['sync', 'search', 'status', 'ls', 'rm'];
  test.each([
    ['sycn', 'sync'],
    ['serach', 'search'],
    ['statu', 'status'],
    ['statuss', 'status'],
    ['sink', undefined],
    ['l', undefined],
    ['mv', undefined],
    ['', undefined],
  ])('by %s is %s', (word, meant) => {
    expect(nearest(word, known)).toBe(meant);
  });
});

describe('a number', () => {
  test.each([
    ['7', 7],
    ['-3', -3],
    ['1.5', 1.5],
  ])('%s is one', (text, value) => {
    expect(readNumber('--n', text, { least: -5, most: 10, whole: false })).toBe(value);
  });

  test.each(['', ' ', '1.5', '0', '11', 'NaN', 'Infinity', '0x10', '1e1', '9007199254740993'])('%j is none from 1 to 10', (text) => {
    expect(() => readNumber('--n', text, { least: 1, most: 10 })).toThrow(
      new UsageError(`--n takes a whole number from 1 to 10, not ${text}`),
    );
  });

  test('without an upper bound is told so', () => {
    expect(() => readNumber('--n', 'x', { least: 1, most: Number.MAX_SAFE_INTEGER })).toThrow(
      '--n takes a whole number of 1 or more, not x',
    );
  });
});

test('a choice is one of its words', () => {
  expect(readChoice('--target', 'stack', ['standalone', 'stack'])).toBe('stack');
  const wrong = (text: string) => () => readChoice('--target', text, ['standalone', 'stack', 'operator']);
  expect(wrong('x')).toThrow(new UsageError('--target is standalone, stack or operator, not x'));
  expect(wrong('stakc')).toThrow('not stakc; did you mean stack?');
});

describe('a program', () => {
  const door = path.join(import.meta.dirname, 'index.ts');
  const run = (main: string, ...args: readonly string[]) => {
    const text = `import { parseCommandLine, runMain, UsageError } from ${JSON.stringify(door)};
      const exitCodeOf = (error) => (error.message === 'away' ? 7 : 1);
      await runMain({ name: 'try', usage: 'npm run try', exitCodeOf, main: async (args) => { ${main} } });`;
    const { status, stdout, stderr } = spawnSync(process.execPath, [
      '--no-warnings',
      '--input-type=module',
      '-e',
      text,
      '--',
      'program',
      ...args,
    ]);
    return { status, stdout: String(stdout), stderr: String(stderr) };
  };

  test('gets its arguments, and ends with what it answers', () => {
    expect(run('console.log(args.join()); return 3;', 'a', '--', '--help')).toEqual({ status: 3, stdout: 'a,--,--help\n', stderr: '' });
  });

  test('explains itself instead of running, whatever else is asked', () => {
    for (const help of ['--help', '-h']) {
      expect(run('throw new Error("it ran");', '--nonsense', help)).toEqual({ status: 0, stdout: 'npm run try\n', stderr: '' });
    }
  });

  test('that was called wrongly says how, and ends with 2', () => {
    const { status, stdout, stderr } = run('parseCommandLine({ args }); return 0;', '--nonsense');
    expect([status, stdout, stderr]).toEqual([2, '', 'try: there is no flag --nonsense\n\nnpm run try\n']);
  });

  test('that failed says why in one line, without its usage', () => {
    expect(run('throw new Error("no room");')).toEqual({ status: 1, stdout: '', stderr: 'try: no room\n' });
    expect(run('throw new Error("away");')).toMatchObject({ status: 7, stderr: 'try: away\n' });
  });
});
