import assert from 'node:assert/strict';

/** The value, asserted to be there: `what` says which promise would otherwise be broken. */
export function present<T>(value: T | null | undefined, what: string): T {
  assert(value !== undefined && value !== null, what);
  return value;
}
