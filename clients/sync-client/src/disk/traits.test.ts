import { readdirSync } from 'node:fs';
import { temporaryFolder } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';
import { nameRules, probeTraits } from './traits.ts';

const rules = (tellsCases: boolean) => nameRules({ tellsCases, keepsBirthTimes: true, hasLinks: true });

test('what a file system can do is tried, and nothing of that stays', async () => {
  await using folder = await temporaryFolder();
  expect(probeTraits(folder.path)).toMatchObject({ hasLinks: true });
  expect(readdirSync(folder.path)).toEqual([]);
});

test('where case does not tell, names clash that share an upper-case form', () => {
  const { exact, keyOf } = rules(false);
  expect(exact).toBe(false);
  for (const [one, other] of [
    ['README', 'readme'],
    ['\u00c9t\u00e9', '\u00e9T\u00c9'],
    ['stra\u00dfe', 'STRASSE'],
    ['\u03c3\u03c2', '\u03a3\u03a3'],
  ] as const)
    expect(keyOf(one)).toBe(keyOf(other));
  expect(keyOf('a')).not.toBe(keyOf('b'));
});

test('where it does, every name is its own key; DriftBox keeps its own in any case', () => {
  const { exact, keyOf, representable } = rules(true);
  expect([exact, keyOf('README') === keyOf('readme')]).toEqual([true, false]);
  expect([representable('.driftbox'), representable('.DriftBox'), representable('a/b'), representable('fine')]).toEqual([
    false,
    false,
    false,
    true,
  ]);
});
