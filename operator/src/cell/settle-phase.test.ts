import { expect, test } from '@jest/globals';
import type { ReleaseOutcome } from '../helm/index.ts';
import { settlePhase } from './settle-phase.ts';

const of = (state: ReleaseOutcome['state'], action: ReleaseOutcome['action'] = { kind: 'none' }): ReleaseOutcome => ({
  state,
  action,
  digest: 'd',
  latest: undefined,
  drifted: [],
});
const done = { kind: 'done' } as const;
const inSync = of('inSync');

test.each(['inSync', 'drifted', 'rolledBack'] as const)('with a release that is %s a cell is done', (state) => {
  expect(settlePhase(done, { backends: inSync, services: of(state) })).toEqual(done);
});

test.each([
  ['outOfSync', { kind: 'upgrade' }, 'being upgraded'],
  ['failed', { kind: 'upgrade' }, 'being upgraded'],
  ['failed', { kind: 'rollback', from: 2, to: 1 }, 'what ran before'],
  ['locked', { kind: 'wait', afterMs: 9 }, 'an upgrade was cut off'],
  ['locked', { kind: 'unlock', revision: 2 }, 'an upgrade was cut off'],
] as const)('with one that is %s, of %j, it is not, whatever its pods say', (state, action, says) => {
  for (const outcomes of [{ services: of(state, action) }, { backends: of(state, action), services: inSync }])
    expect(settlePhase(done, outcomes)).toMatchObject({ kind: 'working', message: expect.stringContaining(says) });
});

test('what is not done already stays what it is', () => {
  const waiting = { kind: 'working', message: 'waiting for c-auth' } as const;
  expect(settlePhase(waiting, { services: of('locked', { kind: 'wait', afterMs: 9 }) })).toEqual(waiting);
});
