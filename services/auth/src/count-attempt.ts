import type { DeviceId, TenantId } from '@driftbox/domain';
import type { AttemptRow } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import type { Context } from './context.ts';
import { countAttempts } from './store/count-attempts.ts';
import { forgiveAttempts } from './store/forgive-attempts.ts';
import { attemptKeys, mayAttempt, type AttemptCounts, type AttemptKeys } from './throttle.ts';

function buffersOf(keys: AttemptKeys): Buffer[] {
  return keys.kind === 'known-device' ? [keys.device] : [keys.pair, keys.address, keys.identity];
}

/**
 * Counts a sign-in before its password is looked at, so that guesses made at once are all counted. Throws `rate_limited`
 * when there were too many. Answers how to take the count back after a success.
 */
export async function countAttempt(
  context: Context,
  tenantId: TenantId,
  email: string,
  address: string,
  knownDevice: DeviceId | undefined,
): Promise<() => Promise<void>> {
  const nowMs = context.nowMs();
  const keys = attemptKeys(email, address, knownDevice);
  const buffers = buffersOf(keys);
  const endsMs = nowMs + context.throttle.windowMs;
  const { rows } = await context.database.transaction(tenantId, (tx) =>
    tx.last<AttemptRow>(countAttempts, [tenantId, buffers, new Date(nowMs), new Date(endsMs)]),
  );
  const [first = 1, second = 1, third = 1] = buffers.map((key) => rows.find((row) => row.key.equals(key))?.attempts);
  const counts: AttemptCounts =
    keys.kind === 'known-device'
      ? { kind: 'known-device', device: first }
      : { kind: 'stranger', pair: first, address: second, identity: third };
  if (!mayAttempt(counts, context.throttle)) {
    const untilMs = Math.max(...rows.map((row) => row.endsMs));
    throw new Problem('rate_limited', 'Too many attempts to sign in', {
      retryAfterSeconds: Math.max(1, Math.ceil((untilMs - nowMs) / 1000)),
    });
  }
  return () => context.database.transaction(tenantId, (tx) => forgiveAttempts(tx, buffers[0], buffers.slice(1)));
}
