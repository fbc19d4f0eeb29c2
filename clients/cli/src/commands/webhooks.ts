import type { Client } from '@driftbox/api-client';
import { parseDriveId } from '@driftbox/domain';
import { routes, type Delivery, type Webhook } from '@driftbox/protocol';
import { allPages } from '../all-pages.ts';
import type { Command, Given } from '../command.ts';
import { UsageError, exitCodes } from '../exit-codes.ts';
import { showTime, visible } from '../output.ts';
import { readAction } from '../read-action.ts';

/** Arguments of each action. */
const needs = { list: 0, create: 1, show: 1, pause: 1, resume: 1, rotate: 1, test: 1, deliveries: 1, replay: 2, delete: 1 } as const;
type Action = keyof typeof needs;
const actions = Object.keys(needs) as Action[];

export const webhooks: Command = {
  name: 'webhooks',
  summary: 'List and change the addresses that events are sent to, and see what arrived',
  synopsis: [
    '[list]',
    'create URL [--drive DRIVE | --tenant] [--type TYPE]...',
    'show ID',
    'pause ID',
    'resume ID',
    'rotate ID',
    'test ID',
    'deliveries ID',
    'replay ID DELIVERY',
    'delete ID',
  ],
  example: 'driftbox webhooks create https://example.com/hook --drive 0198c5a0-7c2e-7000-8000-0123456789ab --type files.*',
  args: { min: 0, max: 3 },
  flags: {
    drive: { value: 'DRIVE', description: 'with create: the events of this drive, by its id, instead of what you are told' },
    tenant: { description: 'with create: all events of the tenant, for administrators' },
    type: { value: 'TYPE', many: true, description: 'with create: a type of event, or a family such as files.*; all if not given' },
  },
  completes: actions,
  run: async ({ connect, output, given }) => {
    const [first = 'list', ...rest] = given.args;
    const action = readAction(first, actions);
    if (rest.length !== needs[action]) throw new UsageError(`${action} takes other arguments`);
    const scope = action === 'create' ? scopeOf(given) : undefined;
    const { client } = await connect();
    const [what = '', delivery = ''] = rest;
    const { value, lines } =
      scope === undefined
        ? await perform(client, action, what, delivery)
        : shown(await client.call(routes.createWebhook, { body: { ...scope, url: what, types: typesOf(given) } }));
    output.result(value, () => lines);
    return exitCodes.ok;
  },
};

type Done = { readonly value: unknown; readonly lines: string[] };

function scopeOf(given: Given) {
  const text = given.text('drive');
  if (text !== undefined && given.on('tenant')) throw new UsageError('--drive and --tenant exclude each other');
  if (given.on('tenant')) return { scope: 'tenant' as const };
  if (text === undefined) return { scope: 'own' as const };
  const drive = parseDriveId(text);
  if (drive === undefined) throw new UsageError('--drive takes the id of a drive: driftbox drives');
  return { scope: 'drive' as const, drive };
}

function typesOf(given: Given): string[] | undefined {
  const types = given.texts('type');
  return types.length === 0 ? undefined : [...types];
}

async function perform(client: Client, action: Action, id: string, deliveryId: string): Promise<Done> {
  const params = { webhook: id };
  switch (action) {
    case 'show':
      return shown(await client.call(routes.getWebhook, { params }));
    case 'pause':
    case 'resume':
      return shown(await client.call(routes.updateWebhook, { params, body: { state: action === 'pause' ? 'paused' : 'active' } }));
    case 'rotate':
      return shown(await client.call(routes.rotateWebhookSecret, { params }));
    case 'test':
      return sent(await client.call(routes.testWebhook, { params }));
    case 'replay':
      return sent(await client.call(routes.replayDelivery, { params: { ...params, delivery: deliveryId } }));
    case 'deliveries': {
      const items = await allPages((cursor) => client.call(routes.listDeliveries, { params, query: { cursor, limit: 1000 } }));
      return { value: { items }, lines: items.map(deliveryLine) };
    }
    case 'delete':
      await client.call(routes.removeWebhook, { params });
      return { value: { webhookId: id, deleted: true }, lines: [`deleted ${id}`] };
    default: {
      const items = await allPages((cursor) => client.call(routes.listWebhooks, { query: { cursor, limit: 1000 } }));
      return { value: { items }, lines: items.map(webhookLine) };
    }
  }
}

function shown(webhook: Webhook & { readonly secret?: string }): Done {
  const { secret } = webhook;
  return { value: webhook, lines: [webhookLine(webhook), ...(secret === undefined ? [] : [`secret, shown this once: ${secret}`])] };
}

function sent(delivery: Delivery): Done {
  return { value: delivery, lines: [deliveryLine(delivery)] };
}

function webhookLine({ webhookId, url, scope, drive, types, state, waiting, failingSince }: Webhook): string {
  const failing = failingSince === undefined ? '' : `, failing since ${showTime(failingSince)}`;
  return `${webhookId}  ${visible(url)}  ${drive ?? scope}  ${types.join(',')}  ${state}, ${waiting} waiting${failing}`;
}

function deliveryLine({ deliveryId, type, state, attempts, createdAt, lastError, lastStatus }: Delivery): string {
  const last = lastError ?? (lastStatus === undefined ? '' : `answered ${lastStatus}`);
  return `${deliveryId}  ${showTime(createdAt)}  ${type}  ${state}  ${attempts} tries  ${visible(last)}`.trimEnd();
}
