import { expect, test } from '@jest/globals';
import { checkLoops, checkSynced } from './health.ts';

test('a process is well while all its loops run', () => {
  expect(checkLoops([{ failure: undefined }, { failure: undefined }])).toEqual({ isWell: true, text: 'ok' });
  expect(checkLoops([{ failure: 'one died' }, { failure: undefined }, { failure: 'two is stuck' }])).toEqual({
    isWell: false,
    text: 'one died\ntwo is stuck',
  });
});

test('it is ready once everything was listed, and says what was not', () => {
  const parts = [
    { name: 'Quota', hasSynced: true },
    { name: 'Tenant', hasSynced: false },
  ];
  expect(checkSynced(parts)).toEqual({ isWell: false, text: 'not yet listed: Tenant' });
  expect(checkSynced(parts.slice(0, 1)).isWell).toBe(true);
});
