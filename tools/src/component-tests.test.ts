import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { componentLogs, ignoreFlags, testLogs, unrunnable } from './component-tests.ts';

test('a component with a missing prerequisite takes its test files out of the run, and says why', () => {
  const unrun = unrunnable([
    { name: 'redis', status: 'ready' },
    { name: 'minio', status: 'missing', reason: 'Go is not installed' },
  ]);
  expect(unrun).toEqual([{ suffix: 's3', reason: 'Go is not installed' }]);
  const patterns = ignoreFlags(unrun).map((flag) => new RegExp(flag.split('=')[1] ?? ''));
  const isIgnored = (file: string): boolean => patterns.some((pattern) => pattern.test(file));
  expect(['a/b.s3.test.ts', 'a/b.kafka.s3.test.ts', 'a/b.s3.redis.test.ts'].map(isIgnored)).toEqual([true, true, true]);
  expect(['a/b.kafka.test.ts', 'a/s3.test.ts', 'a/s3.kafka.test.ts'].map(isIgnored)).toEqual([false, false, false]);
});

test('nothing missing ignores nothing', () => {
  expect(ignoreFlags([])).toEqual([]);
});

test('an installation that was tried and failed is an error, not something left out', () => {
  expect(() => unrunnable([{ name: 'kafka', status: 'failed', reason: 'the registry is away' }])).toThrow('the registry is away');
});

test('the logs of a failed run are shown by their ends', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'driftbox-logs-'));
  fs.writeFileSync(path.join(folder, 'kafka-1.log'), Array.from({ length: 100 }, (_, n) => `line ${n}\n`).join(''));
  const shown = componentLogs(folder);
  expect(shown).toContain('line 99');
  expect(shown).not.toContain('line 69\n');
  fs.rmSync(folder, { recursive: true });
  expect(componentLogs(folder)).toBe('');
});

test('the logs that a failed test file has left are named by their folder', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'driftbox-logs-'));
  const own = path.join(folder, 'testbed-stack.kafka.test.ts');
  fs.mkdirSync(own);
  expect(testLogs(folder)).toEqual([`logs of what testbed-stack.kafka.test.ts had started: ${own}`]);
  fs.rmSync(folder, { recursive: true });
  expect(testLogs(folder)).toEqual([]);
});
