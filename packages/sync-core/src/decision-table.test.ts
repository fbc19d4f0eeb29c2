import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { changes, play, stories } from './testing/scenarios.ts';

/** The table is the test: each row of docs/sync.md is played, and ends as it says there. */
const document = readFileSync(path.join(import.meta.dirname, '../../../docs/sync.md'), 'utf8');

function rowsUnder(heading: string, columns: number): string[][] {
  const section = document.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
    .filter((cells) => cells.length === columns)
    .slice(1);
}

const pairs = rowsUnder('Two changes', 4).map(([here = '', there = '', end = '']) => ({ here, there, end }));
const told = rowsUnder('Stories', 3).map(([story = '', end = '']) => ({ story, end }));

describe('two changes', () => {
  test.each(pairs)('here $here, there $there', ({ here, there, end }) => {
    const [mine, theirs] = [changes[here], changes[there]];
    expect([mine, theirs]).not.toContain(undefined);
    const ending = play((hereHand, thereHand) => {
      mine?.(hereHand, 'here');
      theirs?.(thereHand, 'there');
    });
    expect(ending).toBe(end);
  });

  test('every pair has its row', () => {
    const names = Object.keys(changes);
    expect(pairs.map(({ here, there }) => [here, there])).toEqual(names.flatMap((here) => names.map((there) => [here, there])));
  });
});

describe('stories', () => {
  test.each(told)('$story', ({ story, end }) => {
    const act = stories[story];
    expect(act).toBeDefined();
    if (act !== undefined) expect(play(act, story.startsWith('the disk'))).toBe(end);
  });

  test('every story has its row', () => {
    expect(told.map(({ story }) => story)).toEqual(Object.keys(stories));
  });
});
