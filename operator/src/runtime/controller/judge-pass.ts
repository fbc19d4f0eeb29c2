import { AssertionError } from 'node:assert';
import { ApiRefused } from '../api/answer.ts';
import { TerminalError, type Reconciled } from './reconciled.ts';

/** How a pass ended. */
export type PassEnd =
  | { readonly kind: 'resolved'; readonly value: Reconciled }
  | { readonly kind: 'threw'; readonly error: unknown; readonly timedOut: boolean };

/** What follows from it for the key. `retry` waits the longer the more often it happens in a row, and as long as a server asks for. */
export type Verdict =
  | { readonly next: 'regular' | 'never' | 'giveUp' }
  | { readonly next: 'retry'; readonly leastMs: number }
  | { readonly next: 'after'; readonly afterMs: number; readonly forget: boolean };

/** The `result` label of `controller_runtime_reconcile_total`. */
export type PassResult = 'success' | 'error' | 'requeue' | 'requeue_after';

/** What is counted of a pass. */
export type PassJudgement = {
  readonly verdict: Verdict;
  readonly result: PassResult;
  readonly isTerminal?: boolean;
  readonly isPanic?: boolean;
  readonly timedOut?: boolean;
};

/** Somebody else wrote at the same time: by then the cache has heard of it. */
const afterConflictMs = 1_000;

/** Decides what happens to a key after a pass. A conflict is ordinary and no error. */
export function judgePass(end: PassEnd): PassJudgement {
  if (end.kind === 'resolved') {
    const { value } = end;
    if (value.kind === 'again') return { verdict: { next: 'after', afterMs: value.afterMs, forget: true }, result: 'requeue_after' };
    return { verdict: { next: value.kind === 'gone' ? 'never' : 'regular' }, result: 'success' };
  }
  const { error, timedOut } = end;
  if (isConflict(error)) return { verdict: { next: 'after', afterMs: afterConflictMs, forget: false }, result: 'requeue' };
  if (error instanceof TerminalError) return { verdict: { next: 'giveUp' }, result: 'error', isTerminal: true };
  // A broken invariant is to us what a panic is to a Go program: the key alone suffers, and it is counted apart.
  const leastMs = error instanceof ApiRefused ? (error.refusal.retryAfterMs ?? 0) : 0;
  return { verdict: { next: 'retry', leastMs }, result: 'error', isPanic: error instanceof AssertionError, timedOut };
}

function isConflict(error: unknown): boolean {
  return error instanceof ApiRefused && (error.refusal.kind === 'conflict' || error.refusal.kind === 'alreadyExists');
}
