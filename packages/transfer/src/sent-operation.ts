import { Problem } from '@driftbox/protocol';
import type { SentBody, WireOutcome, routes } from '@driftbox/protocol';

/** An operation as it is sent. */
export type SentOperation = SentBody<typeof routes.postCommit>['operations'][number];
/** The outcome of an operation that was written, by this request or by an earlier one with its `writeId`. */
export type Committed = Extract<WireOutcome, { outcome: 'committed' }>;

/** The problem behind an outcome that wrote nothing. */
export function problemOf(outcome: Exclude<WireOutcome, Committed>): Problem {
  const { outcome: code, ...details } = outcome;
  const detail = 'detail' in details && typeof details.detail === 'string' ? details.detail : undefined;
  return new Problem(code === 'aborted' ? 'revision_conflict' : code, detail, { details });
}
