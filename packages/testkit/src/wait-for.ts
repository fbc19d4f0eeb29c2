import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `condition` again and again until it answers something truthy, and answers that. Throws, quoting the last error
 * of the condition if it threw, when `deadlineMs` (default 5,000) have passed. Between two questions it pauses, at most
 * `longestPauseMs` (default 50): a condition that costs something is better asked less often.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: { deadlineMs?: number; longestPauseMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const { deadlineMs = 5_000, longestPauseMs = 50, what = 'the condition' } = options;
  const endMs = performance.now() + deadlineMs;
  let cause: unknown;
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
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
