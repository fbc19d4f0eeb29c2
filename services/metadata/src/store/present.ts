import assert from 'node:assert/strict';

/** What must be there by the statement's own shape; anything else is a defect. */
export function present<T>(value: T | undefined | null): T {
  assert(value !== undefined && value !== null, 'a row that must be there is there');
  return value;
}
