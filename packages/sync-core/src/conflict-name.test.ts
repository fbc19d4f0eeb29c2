import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maxNameBytes, parseName, utf8Bytes } from '@driftbox/domain';
import { conflictName } from './conflict-name.ts';

const free = () => false;
const suffix = '(conflicted copy of laptop 2026-11-27)';
const made = (name: string) => conflictName(name, 'laptop', '2026-11-27', free);

describe('the name of a conflict copy', () => {
  test.each([
    ['report.pdf', `report ${suffix}.pdf`],
    ['archive.tar.gz', `archive ${suffix}.tar.gz`],
    ['Makefile', `Makefile ${suffix}`],
    ['.profile', `.profile ${suffix}`],
    ['.config.json', `.config ${suffix}.json`],
    ['v1. What is new', `v1. What is new ${suffix}`],
    ['...', `... ${suffix}`],
    ['a.this-is-no-ending-at-all', `a.this-is-no-ending-at-all ${suffix}`],
  ])('%s', (name, expected) => {
    expect(made(name)).toBe(expected);
  });

  test('counts when it is taken', () => {
    const taken = new Set([made('a.txt'), 'a (conflicted copy of laptop 2026-11-27 2).txt']);
    expect(conflictName('a.txt', 'laptop', '2026-11-27', (name) => taken.has(name))).toBe('a (conflicted copy of laptop 2026-11-27 3).txt');
  });

  test('takes nothing from a device that a file system forbids', () => {
    expect(conflictName('a', 'Ada/Bob: "x"\u0000', '2026-11-27', free)).toBe('a (conflicted copy of Ada-Bob- -x-- 2026-11-27)');
  });

  test('cuts between characters, not within', () => {
    const family = '👨‍👩‍👧‍👦';
    const name = made(`${family.repeat(10)}.png`);
    const [stem] = name.split(' (');
    expect((stem ?? '').length % family.length).toBe(0);
    expect(name.endsWith(`${suffix}.png`)).toBe(true);
  });

  test('is a name, whatever it is made from, and never one that is taken', () => {
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).map(parseName);
    fc.assert(
      fc.property(names, fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(3), (parsed, device, takenCount) => {
        fc.pre(parsed.ok);
        const asked = new Set<string>();
        const name = conflictName(parsed.name, device, '2026-11-27', (one) => asked.size < takenCount && asked.add(one) !== undefined);
        expect(parseName(name)).toEqual({ ok: true, name });
        expect(utf8Bytes(name)).toBeLessThanOrEqual(maxNameBytes);
        expect(asked.has(name)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an ending', () => {
  test.each([
    ['of twenty bytes is kept', `a.${'x'.repeat(19)}`, `a ${suffix}.${'x'.repeat(19)}`],
    ['of twenty-one is none', `a.${'x'.repeat(20)}`, `a.${'x'.repeat(20)} ${suffix}`],
    ['is counted in bytes, not in characters', `a.${'ä'.repeat(10)}`, `a.${'ä'.repeat(10)} ${suffix}`],
    ['is nothing after a dot at the end', 'a.', `a. ${suffix}`],
    ['is nothing in a name of dots and one more', '..a', `..a ${suffix}`],
    ['of tar needs something before it', '.tar.gz', `.tar ${suffix}.gz`],
    ['has no space in it', 'Mr. Smith', `Mr. Smith ${suffix}`],
  ])('%s', (_what, name, expected) => expect(made(name)).toBe(expected));

  test('stays whole where the name is as long as a name may be', () => {
    const name = made(`${'x'.repeat(251)}.txt`);
    expect(utf8Bytes(name)).toBe(maxNameBytes);
    expect(name.endsWith(`x ${suffix}.txt`)).toBe(true);
  });
});
