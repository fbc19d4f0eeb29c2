import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeRelease, type ReleaseObserved } from './judge-release.ts';
import type { HelmStatus, Revision } from './release.ts';

const epochMs = 10_000_000;
const old = epochMs - 600_000;

function revision(number: number, digest: string | undefined, status: HelmStatus, more: Partial<Revision> = {}): Revision {
  return { revision: number, digest, status, isRefused: false, modifiedMs: old, ...more };
}
const judge = (history: readonly Revision[], more: Partial<ReleaseObserved> = {}) =>
  judgeRelease({ history, wanted: 'b', isUnwell: false, isRetryAsked: false, epochMs, ...more });

test('what is not there is installed, what is another is upgraded, what is the same is left', () => {
  expect(judge([])).toEqual({ state: 'absent', action: { kind: 'install' } });
  expect(judge([revision(1, 'a', 'deployed')])).toEqual({ state: 'outOfSync', action: { kind: 'upgrade' } });
  expect(judge([revision(1, 'a', 'superseded'), revision(2, 'b', 'deployed')])).toEqual({ state: 'inSync', action: { kind: 'none' } });
});

test('what somebody else has installed under the name is taken over', () => {
  expect(judge([revision(1, undefined, 'deployed')])).toEqual({ state: 'unmanaged', action: { kind: 'upgrade' } });
});

test('a lock is opened only when it is older than a lease and half a minute', () => {
  const locked = (status: HelmStatus, modifiedMs: number) =>
    judge([revision(1, 'a', 'superseded'), revision(2, 'b', status, { modifiedMs })]);
  expect(locked('pending-upgrade', epochMs - 44_000)).toEqual({ state: 'locked', action: { kind: 'wait', afterMs: 1_000 } });
  for (const status of ['pending-install', 'pending-upgrade', 'pending-rollback', 'uninstalling'] as const)
    expect(locked(status, epochMs - 45_000)).toEqual({ state: 'locked', action: { kind: 'unlock', revision: 2 } });
});

test('what failed is tried three times, then what ran before comes back and stays', () => {
  const history = [revision(1, 'a', 'deployed'), revision(2, 'b', 'failed'), revision(3, 'b', 'failed')];
  expect(judge(history)).toEqual({ state: 'failed', action: { kind: 'upgrade' } });
  const third = [...history, revision(4, 'b', 'failed')];
  expect(judge(third)).toEqual({ state: 'failed', action: { kind: 'rollback', from: 4, to: 1 } });
  const back = [...third.slice(0, 3), revision(4, 'b', 'failed', { isRefused: true }), revision(5, 'a', 'deployed')];
  expect(judge(back)).toEqual({ state: 'rolledBack', action: { kind: 'none' } });
  expect(judge(back, { isRetryAsked: true })).toEqual({ state: 'outOfSync', action: { kind: 'upgrade' } });
  expect(judge(back, { wanted: 'c' })).toEqual({ state: 'outOfSync', action: { kind: 'upgrade' } });
});

test('a first install that failed has nothing to go back to, and is tried again', () => {
  const history = [1, 2, 3, 4].map((number) => revision(number, 'b', 'failed'));
  expect(judge(history)).toEqual({ state: 'failed', action: { kind: 'upgrade' } });
});

test('what was installed and does not become healthy is rolled back, where there is something before it', () => {
  const history = [revision(1, 'a', 'superseded'), revision(2, 'b', 'deployed')];
  expect(judge(history, { isUnwell: true })).toEqual({ state: 'failed', action: { kind: 'rollback', from: 2, to: 1 } });
  expect(judge(history.slice(1), { isUnwell: true })).toEqual({ state: 'inSync', action: { kind: 'none' } });
  // Killed between the mark and the rollback.
  const marked = [revision(1, 'a', 'superseded'), revision(2, 'b', 'deployed', { isRefused: true })];
  expect(judge(marked)).toEqual({ state: 'failed', action: { kind: 'rollback', from: 2, to: 1 } });
});

test('what was changed by hand is corrected', () => {
  expect(judge([revision(1, 'b', 'deployed')], { drifted: ['Deployment x'] })).toEqual({ state: 'drifted', action: { kind: 'correct' } });
});

test('whatever the order of the records, the same is done', () => {
  const statuses = ['deployed', 'superseded', 'failed', 'pending-upgrade', 'uninstalled', 'unknown'] as const;
  const one = fc.record({
    digest: fc.constantFrom('a', 'b', undefined),
    status: fc.constantFrom(...statuses),
    isRefused: fc.boolean(),
    modifiedMs: fc.constantFrom(old, epochMs),
  });
  const histories = fc.array(one, { maxLength: 6 }).map((all) => all.map((part, index) => ({ ...part, revision: index + 1 })));
  fc.assert(
    fc.property(histories, fc.boolean(), fc.boolean(), (history, isUnwell, isRetryAsked) => {
      const judgement = judge(history, { isUnwell, isRetryAsked });
      expect(judge(history.toReversed(), { isUnwell, isRetryAsked })).toEqual(judgement);
      const { action } = judgement;
      // A rollback goes back, to something that ran and was made from something else.
      if (action.kind === 'rollback') {
        expect(action.to).toBeLessThan(action.from);
        expect(history[action.to - 1]?.digest).toBe('a');
      }
      if (action.kind === 'upgrade' || action.kind === 'install') expect(history.at(-1)?.status ?? '').not.toMatch(/^pending/);
    }),
  );
});
