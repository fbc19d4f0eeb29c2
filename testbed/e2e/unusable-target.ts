/** A target that cannot be used as it was named; the message says what to do. */
export class UnusableTarget extends Error {
  override readonly name = 'UnusableTarget';
}
