import { createHash } from 'node:crypto';
import type { TenantId } from '@driftbox/domain';
import type { AttemptRow } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { addressKey } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { countAttempts, forgiveAttempts } from './store/count-attempts.ts';
import { sweepers } from './store/sweep-tenant.ts';

const windowMs = 15 * 60_000;
/** Of one link from one address, and of one link from everywhere: ten addresses at least must guess before others are kept out. */
const mostOfPair = 10;
const mostOfLink = 100;
/** What has ended goes a little at a time, with the work of its own tenant. */
const sweptAtOnce = 50;

function keyOf(...parts: string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/**
 * Counts a password before it is looked at, so that guesses made at once are all counted. Throws `rate_limited` when there were
 * too many. Answers how to take the count back after a success.
 */
export async function countAttempt(context: Context, tenantId: TenantId, linkId: string, address: string): Promise<() => Promise<void>> {
  const { database } = context;
  const nowMs = context.nowMs();
  const pair = keyOf('pair', linkId, addressKey(address));
  const keys = [pair, keyOf('link', linkId)];
  const { rows } = await database.transaction(tenantId, (tx) => {
    for (const sweeper of sweepers) tx.defer(sweeper, [tenantId, new Date(nowMs), sweptAtOnce]);
    return tx.last<AttemptRow>(countAttempts, [tenantId, keys, new Date(nowMs), new Date(nowMs + windowMs)]);
  });
  const over = rows.filter((row) => row.attempts > (row.key.equals(pair) ? mostOfPair : mostOfLink));
  if (over.length > 0) {
    const untilMs = Math.max(...over.map((row) => row.endsMs));
    throw new Problem('rate_limited', 'Too many passwords were tried', {
      retryAfterSeconds: Math.max(1, Math.ceil((untilMs - nowMs) / 1000)),
    });
  }
  return async () => void (await database.withTenant(tenantId, forgiveAttempts, [tenantId, keys], { readOnly: false }));
}
