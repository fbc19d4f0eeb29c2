import type { TenantId } from '@driftbox/domain';
import { Problem, type SignedIn } from '@driftbox/protocol';
import { verifyPassword } from '@driftbox/service-kit';
import type { Context } from './context.ts';
import { countAttempt } from './count-attempt.ts';
import { startSession, type Introduction } from './start-session.ts';
import { findTenant } from './store/find-tenant.ts';
import { findUserByEmail } from './store/find-user-by-email.ts';
import { insertAudit, type AuditOutcome } from './store/insert-audit.ts';
import { lockUser } from './store/lock-user.ts';
import { ownsDevice } from './store/owns-device.ts';
import type { UserRow } from './store/user-row.ts';

type LogIn = {
  readonly tenantId: TenantId;
  readonly email: string;
  readonly password: string;
  readonly device: Introduction;
  readonly address: string;
};

function refusal(): Problem {
  return new Problem('unauthenticated', 'The e-mail address or the password is wrong');
}

async function note(context: Context, ask: LogIn, outcome: AuditOutcome): Promise<void> {
  context.metrics.signIns.inc({ outcome });
  await context.database.transaction(ask.tenantId, async (tx) =>
    insertAudit(tx, { outcome, address: ask.address, email: ask.email }, context.nowMs()),
  );
}

async function look(context: Context, ask: LogIn): Promise<{ user: UserRow | undefined; known: boolean }> {
  const { deviceId } = ask.device;
  return context.database.transaction(
    ask.tenantId,
    async (tx) => {
      const [user, known, tenant] = await Promise.all([
        findUserByEmail(tx, ask.email),
        deviceId === undefined ? false : ownsDevice(tx, deviceId, ask.email),
        findTenant(tx, ask.tenantId),
      ]);
      if (tenant?.suspended === true) throw new Problem('tenant_suspended');
      return { user: tenant === undefined ? undefined : user, known };
    },
    { readOnly: true },
  );
}

/**
 * Signs a person in. Wrong password, unknown address and suspended user take the same steps, one hash among them, and get the
 * same `unauthenticated`. Throws `rate_limited` after too many attempts, and `tenant_suspended`.
 */
export async function logIn(context: Context, ask: LogIn): Promise<SignedIn> {
  const { user, known } = await look(context, ask);
  const forgive = await countAttempt(context, ask.tenantId, ask.email, ask.address, known ? ask.device.deviceId : undefined).catch(
    async (error: unknown) => {
      await note(context, ask, 'throttled');
      throw error;
    },
  );
  const right = await verifyPassword(ask.password, user?.passwordHash ?? context.dummyHash);
  if (!right || user === undefined || user.status !== 'active') {
    await note(context, ask, 'refused');
    throw refusal();
  }
  const signedIn = await context.database.transaction(ask.tenantId, async (tx) => {
    // Looked at again under a lock: a suspension or a new password may have come in between.
    const current = await lockUser(tx, user.userId);
    if (current?.status !== 'active' || current.passwordHash !== user.passwordHash) throw refusal();
    const answer = await startSession(context, tx, current, ask.device);
    insertAudit(
      tx,
      { outcome: 'signed-in', address: ask.address, email: ask.email, userId: user.userId, deviceId: answer.deviceId },
      context.nowMs(),
    );
    return answer;
  });
  context.metrics.signIns.inc({ outcome: 'signed-in' satisfies AuditOutcome });
  await forgive();
  return signedIn;
}
