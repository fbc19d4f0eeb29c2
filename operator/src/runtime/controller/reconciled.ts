import type { ObjectKey } from '../api/object-key.ts';

/**
 * What a pass over a key came to. `settled`: as wanted; it is looked at again at the regular interval. `again`: something is under way,
 * and is looked at again after so many milliseconds. `gone`: there is nothing left to look at.
 */
export type Reconciled = { readonly kind: 'settled' } | { readonly kind: 'again'; readonly afterMs: number } | { readonly kind: 'gone' };

/** What a pass is given. */
export type PassContext = {
  /** Aborted when the pass takes too long or the process must end. */
  readonly signal: AbortSignal;
  /** Names this pass in logs. */
  readonly id: string;
};

/**
 * Brings the world of one key to what is wanted, from current state alone: it is not told what changed. Throws where it must be tried
 * again; `TerminalError` where that would not help.
 */
export type Reconcile = (key: ObjectKey, context: PassContext) => Promise<Reconciled>;

/** Trying again cannot help until somebody changes something. */
export class TerminalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TerminalError';
  }
}
