import type { TenantId } from '@driftbox/domain';
import type { Transaction } from '@driftbox/postgres';
import { Problem, type BodyOf, type Routes } from '@driftbox/protocol';
import { newId, type Actor } from '@driftbox/service-kit';
import { isIP } from 'node:net';
import type { Context } from '../context.ts';
import {
  countWebhooks,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  lockWebhook,
  rotateSecret,
  takeTurns,
  updateWebhook as updateSql,
} from '../store/manage-webhooks.ts';
import type { WebhookRow } from '../store/webhook-row.ts';
import { mayReach } from './check-address.ts';
import { mayRead } from './may-still-read.ts';

/** Who manages webhooks. */
export type Manager = { readonly tenantId: TenantId; readonly actor: Actor; readonly signal: AbortSignal };

const mostOfPerson = 20;
const mostOfTenant = 500;

const isAdministrator = ({ role }: Actor): boolean => role === 'owner' || role === 'admin';
const noSuchWebhook = (): Problem => new Problem('not_found', 'There is no such webhook');

/** Throws `permission_denied` for guests, and for a tenant's of who does not administer it; `not_found` for a drive one may not read. */
export async function createWebhook(context: Context, manager: Manager, body: BodyOf<Routes['createWebhook']>): Promise<WebhookRow> {
  const { tenantId, actor, signal } = manager;
  if (actor.role === 'guest') throw new Problem('permission_denied', 'Guests have no webhooks');
  if (body.scope === 'tenant' && !isAdministrator(actor))
    throw new Problem('permission_denied', "A tenant's webhooks are its administrators'");
  requirePublic(context, body.url);
  const nowMs = context.nowMs();
  const webhookId = newId(nowMs);
  const drive = body.scope === 'drive' ? body.drive : null;
  if (drive !== null && !(await mayRead(context, { tenantId, userId: actor.userId, drive, asking: webhookId }, signal)))
    throw new Problem('not_found', 'There is no such drive');
  return context.database.transaction(
    tenantId,
    async (tx) => {
      tx.defer(takeTurns, [tenantId]);
      const [counts] = (await tx.query<{ all: number; own: number }>(countWebhooks, [tenantId, actor.userId])).rows;
      if ((counts?.own ?? 0) >= mostOfPerson || (counts?.all ?? 0) >= mostOfTenant)
        throw new Problem('quota_exceeded', 'There are too many webhooks', { details: { limit: 'webhooks', mostOfPerson, mostOfTenant } });
      const values = [tenantId, webhookId, actor.userId, body.url, body.scope, drive, body.types, new Date(nowMs)];
      return one((await tx.query<WebhookRow>(insertWebhook, values)).rows);
    },
    { signal },
  );
}

/** One's own; administrators see all of the tenant. Those after an id. */
export async function listOwnWebhooks(
  { database }: Context,
  { tenantId, actor, signal }: Manager,
  after: string | undefined,
  limit: number,
): Promise<WebhookRow[]> {
  const values = [tenantId, isAdministrator(actor) ? null : actor.userId, after ?? null, limit];
  return (await database.withTenant<WebhookRow>(tenantId, listWebhooks, values, { signal })).rows;
}

/** One that the caller may see. Throws `not_found`. */
export async function getWebhook({ database }: Context, { tenantId, actor, signal }: Manager, webhookId: string): Promise<WebhookRow> {
  const { rows } = await database.withTenant<WebhookRow>(tenantId, findWebhook, [tenantId, webhookId], { signal });
  return seenBy(actor, rows[0]);
}

/** Changes it and tries what waits at once. Throws `not_found`, and `permission_denied` for another person's own. */
export function updateWebhook(
  context: Context,
  manager: Manager,
  webhookId: string,
  { url, types, state }: BodyOf<Routes['updateWebhook']>,
): Promise<WebhookRow> {
  if (url !== undefined) requirePublic(context, url);
  return changing(context, manager, webhookId, async (tx, row) => {
    const next = [url ?? row.url, types ?? row.types, state ?? row.state];
    const { rows } = await tx.query<WebhookRow>(updateSql, [tx.tenantId, webhookId, ...next, new Date(context.nowMs())]);
    tx.afterCommit(context.wake);
    return one(rows);
  });
}

/** Makes another secret; the one before signs beside it for a day. */
export function rotateWebhookSecret(context: Context, manager: Manager, webhookId: string): Promise<WebhookRow> {
  return changing(context, manager, webhookId, async (tx) =>
    one((await tx.query<WebhookRow>(rotateSecret, [tx.tenantId, webhookId, new Date(context.nowMs())])).rows),
  );
}

/** Ends it and what waits for it; administrators end anybody's. */
export async function removeWebhook({ database }: Context, { tenantId, actor, signal }: Manager, webhookId: string): Promise<void> {
  await database.transaction(
    tenantId,
    async (tx) => {
      seenBy(actor, (await tx.query<WebhookRow>(lockWebhook, [tenantId, webhookId])).rows[0]);
      await tx.last(deleteWebhook, [tenantId, webhookId]);
    },
    { signal },
  );
}

/** Runs `change` with the row held. Who could change where another's own goes would read what they may not. */
export function changing<T>(
  { database }: Context,
  { tenantId, actor, signal }: Manager,
  webhookId: string,
  change: (tx: Transaction, row: WebhookRow) => Promise<T>,
): Promise<T> {
  return database.transaction(
    tenantId,
    async (tx) => {
      const row = seenBy(actor, (await tx.query<WebhookRow>(lockWebhook, [tenantId, webhookId])).rows[0]);
      if (row.owner !== actor.userId && row.scope !== 'tenant')
        throw new Problem('permission_denied', 'Only its owner changes this webhook');
      return change(tx, row);
    },
    { signal },
  );
}

function seenBy(actor: Actor, row: WebhookRow | undefined): WebhookRow {
  if (row === undefined || (row.owner !== actor.userId && !isAdministrator(actor))) throw noSuchWebhook();
  return row;
}

/** What is private by its looks is told at once; where a name leads is looked at each time that it is used. */
function requirePublic({ sending }: Context, url: string): void {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host, sending.networks)) throw new Problem('invalid_argument', 'body.url: is a private address');
}

function one(rows: readonly WebhookRow[]): WebhookRow {
  const [row] = rows;
  if (row === undefined) throw new Error('a webhook that is held is written');
  return row;
}
