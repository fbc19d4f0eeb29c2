import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseDriveId, type UserId } from '@driftbox/domain';
import { routes, type SentBody, type Routes } from '@driftbox/protocol';
import { newId, newUuid, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { newUser, queueOf, startWorld, type World } from '../testing/world.ts';

const [ada, bob] = [newUser(), newUser()];
const hourMs = 3_600_000;
type Got = { readonly path: string; readonly headers: http.IncomingHttpHeaders; readonly body: string };
const got: Got[] = [];
/** What is answered at a path that does not answer 200. */
const answers = new Map<string, number | 'nothing'>();
const receiver = http.createServer((request, response) => {
  let body = '';
  request
    .on('data', (piece: Buffer) => (body += piece.toString()))
    .on('end', () => {
      const path = request.url ?? '';
      got.push({ path, headers: request.headers, body });
      const status = answers.get(path) ?? 200;
      if (status !== 'nothing') response.writeHead(status).end();
    });
});
let world: World;
let origin: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  world = await startWorld({ webhookTimeoutMs: 2_000, webhookRate: 40 });
}, 60_000);
afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await world.close();
});
beforeEach(() => {
  world.fresh();
  got.length = 0;
  answers.clear();
});

type Body = SentBody<Routes['createWebhook']>;
const make = (path: string, over: Partial<Body> = {}, by: UserId = ada, role: 'member' | 'admin' | 'guest' = 'admin') =>
  world.as(by, role).call(routes.createWebhook, { body: { scope: 'tenant', url: origin + path, ...over } as Body });
const tell = (over: object = {}, type = 'drive.created', drive: string = newUuid()) =>
  world.tell('driftbox.files', type, { drive, ...over });
const at = (path: string) => got.filter((one) => one.path === path);
const numbers = (path: string) => at(path).map(({ body }) => (JSON.parse(body) as { data: { n?: number } }).data.n);
const arrived = (path: string, count: number) => waitFor(() => at(path).length >= count, { what: `${count} deliveries to ${path}` });
const see = async (webhook: string) => world.as(ada, 'admin').call(routes.getWebhook, { params: { webhook } });
const deliveries = async (webhook: string) => (await world.as(ada, 'admin').call(routes.listDeliveries, { params: { webhook } })).items;
const problem = (code: string) => expect.objectContaining({ code });

/** As docs/notifications.md tells receivers to do it. */
function isSigned({ headers, body }: Got, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${body}`;
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  return (headers['webhook-signature'] as string).split(' ').includes(expected);
}

test('an event arrives once, as a CloudEvent, signed; those of another tenant or type do not', async () => {
  const hook = await make('/one', { types: ['drive.*'] });
  const event = await tell({ n: 1 });
  await world.again('driftbox.files', event);
  await tell({ n: 2 }, 'group.changed');
  await tell({ n: 3 });
  await arrived('/one', 2);
  expect(numbers('/one')).toEqual([1, 3]);
  const [first] = at('/one');
  expect(JSON.parse(first!.body)).toEqual(event);
  expect(first!.headers).toMatchObject({ 'content-type': 'application/cloudevents+json; charset=utf-8' });
  expect([isSigned(first!, hook.secret), isSigned({ ...first!, body: `${first!.body} ` }, hook.secret)]).toEqual([true, false]);
  await waitFor(async () => (await see(hook.webhookId)).waiting === 0);
  expect((await deliveries(hook.webhookId)).map(({ state, attempts, lastStatus }) => [state, attempts, lastStatus])).toEqual([
    ['delivered', 1, 200],
    ['delivered', 1, 200],
  ]);
  const { tenantId } = world;
  world.fresh();
  await tell({ n: 4 });
  await expect(see(hook.webhookId)).rejects.toEqual(problem('not_found'));
  world.tenantId = tenantId;
  await tell({ n: 5 });
  await arrived('/one', 3);
  expect(numbers('/one')).toEqual([1, 3, 5]);
});

test('what fails is tried again, in order, with the id that it had; a receiver that fails or hangs delays nobody', async () => {
  const bad = await make('/bad');
  await make('/hangs');
  await make('/good');
  answers.set('/bad', 500).set('/hangs', 'nothing');
  for (let n = 0; n < 5; n += 1) await tell({ n });
  await arrived('/good', 5);
  expect(numbers('/good')).toEqual([0, 1, 2, 3, 4]);
  await waitFor(async () => (await see(bad.webhookId)).failingSince !== undefined);
  expect(await see(bad.webhookId)).toMatchObject({ state: 'active', waiting: 5 });
  await waitFor(async () => (await queueOf(world, 'webhook_deliveries_failing')).waiting === 10);
  expect((await queueOf(world, 'webhook_deliveries')).waiting).toBe(0);
  answers.clear();
  world.nowMs += 6_000;
  await arrived('/bad', 6);
  expect(numbers('/bad')).toEqual([0, 0, 1, 2, 3, 4]);
  const [first, again] = at('/bad');
  expect(again!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  await waitFor(async () => (await see(bad.webhookId)).waiting === 0);
  expect((await see(bad.webhookId)).failingSince).toBeUndefined();
});

test('what fails for a day is switched off and its owner told; what waits goes on when it is switched on', async () => {
  const hook = await make('/day', {}, bob);
  answers.set('/day', 503);
  await tell({ n: 1 });
  await waitFor(async () => (await see(hook.webhookId)).failingSince !== undefined);
  for (let hour = 0; (await see(hook.webhookId)).state === 'active' && hour < 30; hour += 1) {
    const [before] = await deliveries(hook.webhookId);
    world.nowMs += hourMs;
    await waitFor(async () => (await deliveries(hook.webhookId))[0]!.attempts > before!.attempts);
  }
  expect(await see(hook.webhookId)).toMatchObject({ state: 'disabled', waiting: 1 });
  const { items } = await world.as(bob).call(routes.listInbox);
  expect(items).toMatchObject([{ kind: 'webhook_disabled', text: expect.stringContaining('answered 503') }]);
  await tell({ n: 2 });
  answers.clear();
  got.length = 0;
  await world.as(bob).call(routes.updateWebhook, { params: { webhook: hook.webhookId }, body: { state: 'active' } });
  await arrived('/day', 1);
  await tell({ n: 3 });
  await arrived('/day', 2);
  expect(numbers('/day')).toEqual([1, 3]);
});

test('a new secret signs from now on, the old one beside it for a day', async () => {
  const old = await make('/secret');
  const params = { webhook: old.webhookId };
  const fresh = await world.as(ada).call(routes.rotateWebhookSecret, { params });
  expect(fresh.secret).not.toBe(old.secret);
  await world.as(ada).call(routes.testWebhook, { params });
  await arrived('/secret', 1);
  world.nowMs += 25 * hourMs;
  await world.as(ada).call(routes.testWebhook, { params });
  await arrived('/secret', 2);
  expect(at('/secret').map((one) => [isSigned(one, old.secret), isSigned(one, fresh.secret)])).toEqual([
    [true, true],
    [false, true],
  ]);
  expect(await see(old.webhookId)).not.toHaveProperty('secret');
});

test('what was delivered is sent again when that is asked for', async () => {
  const hook = await make('/replay');
  await tell({ n: 1 });
  await arrived('/replay', 1);
  await waitFor(async () => (await see(hook.webhookId)).waiting === 0);
  const [one] = await deliveries(hook.webhookId);
  const params = { webhook: hook.webhookId, delivery: one!.deliveryId };
  await world.as(ada).call(routes.replayDelivery, { params });
  await arrived('/replay', 2);
  expect(new Set(at('/replay').map(({ headers }) => headers['webhook-id']))).toEqual(new Set([one!.deliveryId]));
  await expect(world.as(ada).call(routes.replayDelivery, { params: { ...params, delivery: newUuid() } })).rejects.toEqual(
    problem('not_found'),
  );
});

test('a drive\u2019s goes to who may read it, and ends when they may not', async () => {
  const drive = newId(parseDriveId);
  await expect(make('/drive', { scope: 'drive', drive }, bob, 'member')).rejects.toEqual(problem('not_found'));
  world.readers.add(`${bob} ${drive}`);
  const hook = await make('/drive', { scope: 'drive', drive }, bob, 'member');
  await tell({ n: 1 }, 'files.committed', drive);
  await tell({ n: 2 }, 'files.committed');
  await arrived('/drive', 1);
  world.readers.clear();
  await tell({ n: 3 }, 'files.committed', drive);
  await waitFor(async () => (await see(hook.webhookId)).state === 'disabled');
  expect(numbers('/drive')).toEqual([1]);
  expect((await deliveries(hook.webhookId)).map(({ state }) => state)).toEqual(['delivered', 'dropped']);
});

test('one\u2019s own gets what oneself is told', async () => {
  await make('/own', { scope: 'own' }, bob, 'member');
  const grant = { driveName: 'Plans', role: 'viewer', by: ada };
  await tell({ ...grant, people: [newUser()] }, 'grant.changed');
  await tell({ ...grant, people: [bob] }, 'grant.changed');
  await arrived('/own', 1);
  expect(at('/own').map(({ body }) => JSON.parse(body) as object)).toMatchObject([
    { type: 'notification.role', data: { kind: 'role', text: 'You may read "Plans" now' } },
  ]);
});

test('who may make and change what', async () => {
  await expect(make('/x', {}, bob, 'member')).rejects.toEqual(problem('permission_denied'));
  await expect(make('/x', { scope: 'own' }, bob, 'guest')).rejects.toEqual(problem('permission_denied'));
  for (const url of ['http://10.0.0.1/', 'http://[::1]/', 'ftp://example.com/', 'http://user:word@example.com/', 'nonsense'])
    await expect(make('', { url })).rejects.toEqual(problem('invalid_argument'));
  const own = await make('/own', { scope: 'own' }, bob, 'member');
  const params = { webhook: own.webhookId };
  await expect(world.as(newUser()).call(routes.getWebhook, { params })).rejects.toEqual(problem('not_found'));
  expect((await world.as(ada, 'admin').call(routes.listWebhooks)).items).toHaveLength(1);
  expect((await world.as(ada).call(routes.listWebhooks)).items).toHaveLength(0);
  // An administrator who could change where it goes would read what is another's.
  const steal = world.as(ada, 'admin').call(routes.updateWebhook, { params, body: { url: `${origin}/stolen` } });
  await expect(steal).rejects.toEqual(problem('permission_denied'));
  await world.as(ada, 'admin').call(routes.removeWebhook, { params });
  await expect(world.as(bob).call(routes.getWebhook, { params })).rejects.toEqual(problem('not_found'));
  const many = Array.from({ length: 21 }, () => make('/many', { scope: 'own' }, bob, 'member'));
  const made = await Promise.allSettled(many);
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
});

test('a tenant sends so many a minute, and another\u2019s are not held up by it', async () => {
  const busy = await make('/busy');
  for (let n = 0; n < 45; n += 1) await tell({ n });
  await arrived('/busy', 40);
  const { tenantId, nowMs } = world;
  world.fresh();
  world.nowMs = nowMs;
  await make('/other');
  await tell({ n: 1 });
  await arrived('/other', 1);
  world.tenantId = tenantId;
  expect((await see(busy.webhookId)).waiting).toBeGreaterThanOrEqual(1);
  expect(at('/busy').length).toBeLessThan(45);
  world.nowMs += 61_000;
  await arrived('/busy', 45);
  expect(numbers('/busy')).toEqual(Array.from({ length: 45 }, (_, n) => n));
});

test('nothing is kept for who was removed: webhooks and what waits for them, inbox and preferences', async () => {
  const [{ webhookId: hers }, { webhookId: his }] = [await make('/hers', { scope: 'own' }), await make('/his', { scope: 'own' }, bob)];
  await world.as(ada).call(routes.updatePreferences, { body: { kinds: {} } });
  await world.tell('driftbox.accounts', 'user.removed', { userId: ada }, { subject: ada });
  await expect(see(hers)).rejects.toEqual(problem('not_found'));
  expect(await world.as(bob).call(routes.getWebhook, { params: { webhook: his } })).toMatchObject({ state: 'active' });
  expect((await world.as(ada).call(routes.listInbox)).items).toEqual([]);
});
