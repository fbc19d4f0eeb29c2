import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `condition` again and again until it answers something truthy, and answers that. Throws, quoting the last error
 * of the condition if it threw, when `deadlineMs` (default 5,000) have passed.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: { deadlineMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const { deadlineMs = 5_000, what = 'the condition' } = options;
  const endMs = performance.now() + deadlineMs;
  let cause: unknown;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, 50)) {
    try {
      const answer = await condition();
      if (answer) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > endMs) throw new Error(`${what} did not come true within ${deadlineMs} ms`, { cause });
    await delay(pauseMs);
  }
}
