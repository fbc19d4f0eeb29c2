import { beforeEach, expect, test } from '@jest/globals';
import { News, readEveryMs } from './news.ts';

let nowMs = 0;
let news: News;
beforeEach(() => {
  nowMs = 0;
  news = new News(() => nowMs);
});

const mayBe = (seq: number, epoch = 'e'): boolean => news.mayBe({ epoch, seq });

test('without hints there may always be news', () => {
  news.reading();
  expect(mayBe(1)).toBe(true);
});

test('once hints come the journal is read again: some may have been missed', () => {
  news.connected(true);
  expect(mayBe(1)).toBe(true);
  news.reading();
  expect(mayBe(1)).toBe(false);
  news.connected(false);
  expect(mayBe(1)).toBe(true);
});

test('a hint tells of news until they are read, whatever older ones say', () => {
  news.connected(true);
  news.reading();
  news.heard({ epoch: 'e', seq: 5 });
  news.heard({ epoch: 'e', seq: 4 });
  expect(mayBe(4)).toBe(true);
  expect(mayBe(5)).toBe(false);
  expect(mayBe(6)).toBe(false);
  expect(mayBe(9, 'before')).toBe(true);
  news.heard({ epoch: 'restored', seq: 1 });
  expect(mayBe(5)).toBe(true);
  expect(mayBe(1, 'restored')).toBe(false);
});

test('the journal is read now and then although nothing is heard', () => {
  news.connected(true);
  news.reading();
  nowMs = readEveryMs;
  expect(mayBe(1)).toBe(true);
  news.reading();
  expect(mayBe(1)).toBe(false);
});
