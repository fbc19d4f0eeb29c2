import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { LogOutput, lostLogLines } from './log-output.ts';

type Answer = (error: NodeJS.ErrnoException | null, written: number) => void;

/** A log on a disk that the test answers for: what was to be written, and what was. */
function disk() {
  const asked: { readonly text: string; readonly answer: Answer }[] = [];
  const written: string[] = [];
  const write = (_fd: number, bytes: Buffer, answer: Answer): void => void asked.push({ text: bytes.toString(), answer });
  const output = new LogOutput(1, { io: { ...fs, write: write as unknown as typeof fs.write } });
  return {
    output,
    asked,
    written,
    take: (most = Infinity) => {
      const { text, answer } = asked.shift()!;
      written.push(text.slice(0, most));
      answer(null, Math.min(most, text.length));
    },
    refuse: (code: string) => asked.shift()!.answer(Object.assign(new Error(code), { code }), 0),
  };
}

const line = (n: number) => `${n} ${'x'.repeat(2_000)}\n`;

test('lines are gathered, and written in order, however little is taken at a time', () => {
  const { output, asked, written, take } = disk();
  for (let n = 0; n < 3; n += 1) output.write(line(n));
  expect(asked).toHaveLength(1);
  for (let n = 3; n < 6; n += 1) output.write(line(n));
  while (asked.length > 0) take(700);
  expect(written.join('')).toBe([0, 1, 2, 3, 4, 5].map(line).join(''));
});

test('what a full disk does not take is lost, and counted once it takes some again', () => {
  const lostBefore = lostLogLines();
  const { output, written, take, refuse } = disk();
  for (let n = 0; n < 3; n += 1) output.write(line(n));
  refuse('ENOSPC');
  for (let n = 3; n < 6; n += 1) output.write(line(n));
  refuse('ENOSPC');
  for (let n = 6; n < 9; n += 1) output.write(line(n));
  take();
  const [told, ...rest] = written.join('').split('\n');
  expect(JSON.parse(told ?? '')).toMatchObject({ lost: 6 });
  expect(lostLogLines() - lostBefore).toBe(6);
  expect(rest).toEqual([6, 7, 8].map((n) => line(n).trimEnd()).concat(''));
});

test('while nothing is taken, no more than so much waits', () => {
  const lostBefore = lostLogLines();
  const { output, asked, take, written } = disk();
  for (let n = 0; n < 2_000; n += 1) output.write(line(n));
  while (asked.length > 0) take();
  const text = written.join('');
  expect(text.length).toBeLessThan(1_100_000);
  const kept = text.split('\n').filter((one) => one.endsWith('x')).length;
  expect(text).toContain(`"lost":${2_000 - kept}`);
  expect(lostLogLines() - lostBefore).toBe(2_000 - kept);
});

(process.platform === 'linux' ? test : test.skip)('a process whose log is on a full disk works on, and ends', async () => {
  const logger = path.join(import.meta.dirname, 'logger.ts');
  const script = `const { createLogger } = await import(${JSON.stringify(logger)});
    const log = createLogger({ service: 'test' });
    for (let n = 0; n < 100; n += 1) { log.info({ text: 'y'.repeat(500) }, 'a line'); await new Promise(setImmediate); }
    process.stderr.write('worked on');`;
  const command = `exec "$0" --no-warnings --input-type=module-typescript -e "$1" > /dev/full`;
  const { stderr } = await promisify(execFile)('sh', ['-c', command, process.execPath, script]);
  expect(stderr).toBe('worked on');
});
