import type { UserId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import type { Preferences } from '@driftbox/protocol';
import { newId } from '@driftbox/service-kit';
import type { Told } from '../notifications-of.ts';
import { insertMails } from '../store/mails.ts';
import { dueAt } from './due-at.ts';

/** Puts a line on its way to each of `people` who has not got it of this event, for when they want it. Answers how many got it. */
export async function queueMails(
  tx: Transaction,
  { kind, people, data }: Told,
  preferences: (userId: UserId) => Preferences,
  eventId: string,
  nowMs: number,
): Promise<number> {
  const sorted = [...new Set(people)].filter((one) => preferences(one).kinds[kind].email).toSorted();
  if (sorted.length === 0) return 0;
  const ids = sorted.map(() => newId(nowMs));
  const due = sorted.map((one) => new Date(dueAt(preferences(one).email, nowMs)));
  const { rows } = await tx.query<{ added: number }>(insertMails, [tx.tenantId, sorted, ids, eventId, kind, data, new Date(nowMs), due]);
  return rows[0]?.added ?? 0;
}
