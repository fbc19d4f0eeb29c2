import { describe, expect, test } from '@jest/globals';
import { explain, type Observation } from './model.ts';

const write = (device: number, old: string | undefined, value: string | undefined): Observation => ({ did: 'write', device, old, value });
const read = (device: number, value: string | undefined): Observation => ({ did: 'read', device, value });
const stabilise = (value: string | undefined, ...copies: string[]): Observation => ({ did: 'stabilise', value, copies });

describe('a run is explained when', () => {
  test('a value appears elsewhere, at once or late', () => {
    expect(explain(2, [write(0, undefined, 'a'), read(1, undefined), read(1, 'a'), stabilise('a')])).toBeUndefined();
  });

  test('of two concurrent writes either one wins and the other is kept beside it', () => {
    expect(explain(2, [write(0, undefined, 'a'), write(1, undefined, 'b'), stabilise('a', 'b')])).toBeUndefined();
    expect(explain(2, [write(0, undefined, 'a'), write(1, undefined, 'b'), stabilise('b', 'a')])).toBeUndefined();
  });

  test('the second writer had seen the first value', () => {
    expect(explain(2, [write(0, undefined, 'a'), write(1, 'a', 'b'), stabilise('b')])).toBeUndefined();
  });

  test('a write beats a concurrent delete', () => {
    const run = [write(0, undefined, 'a'), stabilise('a'), write(0, 'a', undefined), write(1, 'a', 'b'), stabilise('b')];
    expect(explain(2, run)).toBeUndefined();
  });

  test('a deleted file stays deleted', () => {
    const run = [write(0, undefined, 'a'), stabilise('a'), write(1, 'a', undefined), stabilise(undefined), read(0, undefined)];
    expect(explain(2, run)).toBeUndefined();
  });
});

describe('a run is not explained when', () => {
  test('one of two concurrent writes is gone', () => {
    expect(explain(2, [write(0, undefined, 'a'), stabilise('a'), write(0, 'a', 'b'), write(1, 'a', 'c'), stabilise('c')])).toBe(4);
  });

  test('a value comes back that everybody had replaced', () => {
    expect(explain(2, [write(0, undefined, 'a'), stabilise('a'), write(0, 'a', 'b'), stabilise('b'), read(1, 'a')])).toBe(4);
  });

  test('a delete that had seen the newest value is undone', () => {
    expect(explain(2, [write(0, undefined, 'a'), stabilise('a'), write(1, 'a', undefined), stabilise('a')])).toBe(3);
  });

  test('a conflict copy appears from nowhere', () => {
    expect(explain(2, [write(0, undefined, 'a'), stabilise('a'), write(0, 'a', 'b'), stabilise('b', 'a')])).toBe(3);
  });

  test('a value appears that nobody wrote', () => {
    expect(explain(2, [write(0, undefined, 'a'), read(1, 'x')])).toBe(1);
  });
});
