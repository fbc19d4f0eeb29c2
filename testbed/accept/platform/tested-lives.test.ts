import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { projectFolder } from '../../src/standalone-process.ts';
import { benchmarks, platform } from './index.ts';
import { filesOf, testedLives } from './tested-lives.ts';

const lives = testedLives();

test.each(filesOf(lives))('%s has every test that the document names', async (file) => {
  const text = (await readFile(path.join(projectFolder, file), 'utf8')).replaceAll(/\\(?=['`])/g, '');
  for (const { shownBy } of lives) {
    if (shownBy.kind !== 'test' || shownBy.file !== file) continue;
    // Names of rows of a table are made when it runs: `Tenant:` of `KIND: what is wrong`.
    const isMade = shownBy.title.endsWith(':') && text.includes('test.each(');
    expect([shownBy.title, isMade || text.includes(shownBy.title)]).toEqual([shownBy.title, true]);
  }
});

test('every point that the document names is there, and every point is one that shows something of it', () => {
  const named = lives.flatMap(({ shownBy }) => (shownBy.kind === 'point' ? [shownBy.number] : []));
  const ofLives = platform.points.filter((point) => point !== benchmarks);
  const whole = ofLives.map(({ number }) => number).filter((number) => Number.isInteger(number));
  expect(named.toSorted((a, b) => a - b)).toEqual(whole.toSorted((a, b) => a - b));
  const numbers = platform.points.map(({ number }) => number);
  expect(new Set(numbers).size).toBe(numbers.length);
});

test('what a line means', () => {
  const table = '| what happens | shown by |\n|---|---|\n';
  const read = (proof: string) => testedLives(`${table}| Something | ${proof} |\n`)[0]?.shownBy;
  expect(read('`a/b.k8s.test.ts`: it ends: well')).toEqual({ kind: 'test', file: 'a/b.k8s.test.ts', title: 'it ends: well' });
  expect(read('point 4')).toEqual({ kind: 'point', number: 4 });
  expect(read('not yet: too early')).toEqual({ kind: 'none', why: 'too early' });
  expect(read('not yet')).toEqual({ kind: 'none', why: 'nothing shows it' });
  expect(() => read('somebody')).toThrow('what shows it? somebody');
});
