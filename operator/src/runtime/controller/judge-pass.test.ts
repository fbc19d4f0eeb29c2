import assert from 'node:assert/strict';
import { expect, test } from '@jest/globals';
import { ApiRefused, type RefusalKind } from '../api/answer.ts';
import { judgePass, type PassEnd } from './judge-pass.ts';
import { TerminalError } from './reconciled.ts';

const threw = (error: unknown, timedOut = false): PassEnd => ({ kind: 'threw', error, timedOut });
const refused = (kind: RefusalKind, retryAfterMs?: number): ApiRefused =>
  new ApiRefused({ kind, code: 409, reason: '', message: '', retryAfterMs }, 'writing');
const broken = (): unknown => {
  try {
    assert(false, 'an invariant');
  } catch (error) {
    return error;
  }
};

test('what is settled is looked at regularly, what is gone never again, what is under way when it asks for it', () => {
  expect(judgePass({ kind: 'resolved', value: { kind: 'settled' } })).toEqual({ verdict: { next: 'regular' }, result: 'success' });
  expect(judgePass({ kind: 'resolved', value: { kind: 'gone' } })).toEqual({ verdict: { next: 'never' }, result: 'success' });
  expect(judgePass({ kind: 'resolved', value: { kind: 'again', afterMs: 50 } })).toEqual({
    verdict: { next: 'after', afterMs: 50, forget: true },
    result: 'requeue_after',
  });
});

test('a conflict is tried again in a second and is no error', () => {
  for (const kind of ['conflict', 'alreadyExists'] as const) {
    expect(judgePass(threw(refused(kind)))).toEqual({ verdict: { next: 'after', afterMs: 1_000, forget: false }, result: 'requeue' });
  }
});

test('a terminal error is not tried again', () => {
  expect(judgePass(threw(new TerminalError('a bad spec')))).toEqual({ verdict: { next: 'giveUp' }, result: 'error', isTerminal: true });
});

test('anything else is tried again, later each time; a broken invariant and lost time are counted apart', () => {
  expect(judgePass(threw(refused('forbidden')))).toMatchObject({ verdict: { next: 'retry' }, result: 'error', isPanic: false });
  expect(judgePass(threw(broken()))).toMatchObject({ verdict: { next: 'retry', leastMs: 0 }, isPanic: true });
  expect(judgePass(threw('not even an error', true))).toMatchObject({ verdict: { next: 'retry' }, timedOut: true });
});

test('a server that asks callers to stay away is not asked again before', () => {
  for (const kind of ['tooManyRequests', 'failed'] as const)
    expect(judgePass(threw(refused(kind, 30_000))).verdict).toEqual({ next: 'retry', leastMs: 30_000 });
});
