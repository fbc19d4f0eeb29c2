import type { Entry } from '../entry.ts';
import type { Operation, Outcome } from '../operation.ts';

/** One kind of operation. Every evaluator takes one and answers its outcome, having written all of it or nothing. */
export type Of<Op extends string> = Extract<Operation, { readonly op: Op }>;

/** Either what a check found, or the outcome that ends the operation. */
export type Checked<Found> = { readonly ok: true; readonly found: Found } | { readonly ok: false; readonly outcome: Outcome };

export function found<Found>(value: Found): Checked<Found> {
  return { ok: true, found: value };
}

export function refuse(outcome: Outcome): { readonly ok: false; readonly outcome: Outcome } {
  return { ok: false, outcome };
}

/** The writer had seen another state than `entry`: it is told which state there is. */
export function conflict(entry: Entry, deleted: boolean): Outcome {
  return { outcome: 'revision_conflict', current: { rev: entry.rev, seq: entry.seq, deleted } };
}

export function invalid(detail: string): Outcome {
  return { outcome: 'invalid_argument', detail };
}

export function notFound(detail?: string): Outcome {
  return detail === undefined ? { outcome: 'not_found' } : { outcome: 'not_found', detail };
}
