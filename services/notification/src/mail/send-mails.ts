import { parseSessionId, type TenantId, type UserId } from '@driftbox/domain';
import { routes, type NotificationKind } from '@driftbox/protocol';
import { newId, ownId, signServiceToken } from '@driftbox/service-kit';
import type { Context } from '../context.ts';
import { claimMails, finishMails, peopleDue, postponeMails } from '../store/mails.ts';
import { makeUnsubscribeToken } from './unsubscribe-token.ts';
import { writeMail, type Line } from './write-mail.ts';

/** Longer than one mail can take: then another process may send it, a second time at worst. */
const leaseMs = 120_000;
const firstRetryMs = 60_000;
const longestRetryMs = 3_600_000;
/** About a day. */
const mostAttempts = 30;
const mostPeople = 100;

type Claimed = Line & { readonly mailId: string; readonly attempts: number };
type Person = { readonly tenantId: TenantId; readonly userId: UserId };

/** Mails everybody what is due, one after the other: a mail server wants no more. Throws what the database throws. */
export async function sendMails(context: Context, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { rows } = await context.database.query<Person>(peopleDue, [new Date(context.nowMs()), mostPeople]);
    for (const person of rows) {
      if (signal.aborted) return;
      await mailPerson(context, person);
    }
    if (rows.length < mostPeople) return;
  }
}

async function mailPerson(context: Context, person: Person): Promise<void> {
  const { database, mailer, nowMs, metrics } = context;
  const { tenantId, userId } = person;
  const write = { readOnly: false } as const;
  const values = [tenantId, userId, new Date(nowMs()), new Date(nowMs() + leaseMs)];
  const { rows } = await database.withTenant<Claimed>(tenantId, claimMails, values, write);
  if (rows.length === 0) return;
  const lines = rows.toSorted((one, other) => (one.mailId < other.mailId ? -1 : 1));
  const ids = lines.map(({ mailId }) => mailId);
  const finish = () => database.withTenant(tenantId, finishMails, [tenantId, ids, new Date(nowMs())], write);
  try {
    const { email, name } = await personOf(context, person);
    // Only to an address that is proven to be theirs.
    if (email !== undefined) await mailer.send(writeMail(email, name, lines, unsubscribeUrl(context, person, lines)));
    metrics.mails.inc({ outcome: email === undefined ? 'no address' : 'sent' });
  } catch (error) {
    const attempts = Math.max(...lines.map((line) => line.attempts));
    const isFinal = attempts >= mostAttempts || isRefused(error);
    metrics.mails.inc({ outcome: isFinal ? 'given up' : 'failed' });
    const line = { err: error, tenantId, attempts };
    if (isFinal) {
      context.log.error(line, 'a mail could not be sent, and is given up');
      await finish();
    } else {
      context.log.warn(line, 'a mail could not be sent');
      const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (attempts - 1));
      await database.withTenant(tenantId, postponeMails, [tenantId, ids, new Date(nowMs() + waitMs)], write);
    }
    return;
  }
  await finish();
}

/** What the mail server will not take at any time (a 5xx answer to the recipient or the message): sending it again would be a loop. */
function isRefused(error: unknown): boolean {
  const { responseCode, code } = error as { readonly responseCode?: unknown; readonly code?: unknown };
  return typeof responseCode === 'number' && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}

async function personOf({ metadata, serviceKey, nowMs }: Context, { tenantId, userId }: Person) {
  const act = { sub: userId, sid: ownId(parseSessionId, newId(nowMs())), role: 'member' as const, scope: 'read' as const };
  return metadata.call(routes.getPerson, { token: () => signServiceToken(serviceKey, { caller: 'notification', tid: tenantId, act }) });
}

function unsubscribeUrl({ publicUrl, webhookSecret }: Context, person: Person, lines: readonly Line[]): string | undefined {
  const base = publicUrl?.(person.tenantId);
  if (base === undefined) return undefined;
  const kinds: readonly NotificationKind[] = [...new Set(lines.map(({ kind }) => kind))];
  return new URL(`/v1/unsubscribe/${makeUnsubscribeToken(webhookSecret, { ...person, kinds })}`, base).href;
}
