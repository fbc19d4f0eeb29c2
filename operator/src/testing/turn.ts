/** Lets everything run that waits for nothing but the end of other promises. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
