import { statement, type Database } from '@driftbox/postgres';
import type { Backlog } from '@driftbox/service-kit';

const mostMails = 10_000;
const mostWebhooks = 10_000;

const mailsLate = statement({
  name: 'notification.mails-late',
  text: 'SELECT waiting::integer, oldest FROM mails_late($1, $2)',
});

const deliveriesWaiting = statement({
  name: 'notification.deliveries-waiting',
  text: 'SELECT failing, waiting::integer, oldest FROM deliveries_waiting($1)',
});

type Row = { readonly waiting: number; readonly oldest: number | null };

function backlogOf(row: Row | undefined, nowMs: number): Backlog {
  return { waiting: row?.waiting ?? 0, oldestMs: Math.max(0, nowMs - (row?.oldest ?? nowMs)) };
}

/** Mails of all tenants that should have gone by now, and for how long the first of them. */
export async function readLateMails(database: Database, nowMs: number): Promise<Backlog> {
  return backlogOf((await database.query<Row>(mailsLate, [new Date(nowMs), mostMails])).rows[0], nowMs);
}

/** Deliveries of all tenants that wait, by whether their webhook fails, and since when the first webhook has been due. */
export async function readWaitingDeliveries(
  database: Database,
  nowMs: number,
): Promise<{ readonly working: Backlog; readonly failing: Backlog }> {
  const { rows } = await database.query<Row & { readonly failing: boolean }>(deliveriesWaiting, [mostWebhooks]);
  const of = (failing: boolean): Backlog =>
    backlogOf(
      rows.find((row) => row.failing === failing),
      nowMs,
    );
  return { working: of(false), failing: of(true) };
}
