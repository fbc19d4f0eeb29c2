/** A mistake in how a program was called. Its message says in one sentence, in lower case and without a full stop, what is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
