import type { Change } from '../change.ts';
import type { Entry } from '../entry.ts';
import type { EntryId } from '../ids.ts';
import type { Ledger } from '../ledger.ts';
import type { Limits } from '../limits.ts';
import type { Operation, Outcome } from '../operation.ts';
import type { Author, Revision } from '../revision.ts';
import type { EntryRole, Role } from '../role.ts';
import type { WriteAnswer } from './state.ts';

/**
 * How far a commit may let the drive's charged bytes (current + history + trash) grow: what the upload reserved, or
 * what is left of the allowance leased for the drive. The other fields are only passed on in `quota_exceeded`.
 */
export type Budget = {
  readonly growBytes: number;
  readonly limit: 'drive' | 'user' | 'tenant';
  readonly limitBytes: number;
  readonly usedBytes: number;
  /** How many files the drive may get more (current + trash), where their number is limited. */
  readonly files?: { readonly growFiles: number; readonly limitFiles: number; readonly usedFiles: number } | undefined;
};

/** One commit: what to do, on whose behalf, within which bounds. `nowMs` is the clock that rows are stamped with. */
export type CommitRequest = {
  readonly driveEpoch: string;
  readonly operations: readonly Operation[];
  /** All or nothing: when one operation is not committed, none is, and the others answer `aborted`. */
  readonly atomic: boolean;
  readonly author: Author;
  /** None for who was only let in to something in the drive. */
  readonly role: Role | undefined;
  /** The roles that they hold on entries themselves, among those that the operations name and all above these. */
  readonly entryRoles?: ReadonlyMap<EntryId, EntryRole> | undefined;
  readonly budget: Budget;
  readonly limits: Limits;
  readonly nowMs: number;
  /**
   * Outcomes already known, by the operation's index: what could not even be parsed, chunks that are missing. The
   * rule answers them as they are instead of evaluating the operation (a repeated write still answers its original).
   */
  readonly refused?: ReadonlyMap<number, Outcome> | undefined;
};

/**
 * What to answer and what to write. A store applies it in this order: upsert `entries` (newest states), insert
 * `revisions`, `changes` and `answers`, purge `purged` with everything under them (entries and revisions go, a
 * tombstone of each id stays), set the drive's `seq` and `ledger`. Nothing was written when `changes` is empty.
 */
export type CommitDone = {
  readonly result: 'done';
  /** One for each operation, in its order. */
  readonly outcomes: readonly Outcome[];
  readonly entries: readonly Entry[];
  readonly revisions: readonly Revision[];
  readonly changes: readonly Change[];
  readonly answers: readonly WriteAnswer[];
  readonly purged: readonly EntryId[];
  /** The drive's new newest change: its old `seq` plus the number of changes. */
  readonly seq: number;
  /** The drive's new ledger. */
  readonly ledger: Ledger;
  /** By how much the charged bytes grew (negative: shrank); never more than `budget.growBytes` unless they shrank. */
  readonly grownBytes: number;
  /** The same for the number of files, in current and trash together. */
  readonly grownFiles: number;
};

/** A commit refused as a whole: written against another epoch of the drive, or longer than `limits.operations`. */
export type CommitRefused = { readonly result: 'cursor_expired' | 'too_large' };

export type CommitResult = CommitDone | CommitRefused;
