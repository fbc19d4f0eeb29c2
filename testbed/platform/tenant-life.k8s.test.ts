import { routes, tenantErasers } from '@driftbox/protocol';
import { createClient } from '@driftbox/api-client';
import { cellKind, cellNamespace, recordName, quotaKind, tenantKind } from '@driftbox/resources';
import { configMapKind, expectOk, type ConfigMap, type Operator, type ResourceKind, type Tenant } from '@driftbox/operator';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hostTransport, putFiles } from '../src/api-user.ts';
import { openCell, type CellOfTest } from './cell-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { endTenant, invitationOf, saidOf, signIn, signUp, waitUntilSaid } from './tenant-of-test.ts';

let cluster: ClusterOfTest;
let cell: CellOfTest;
let operator: Operator;
beforeAll(async () => {
  cluster = await openCluster();
  cell = await openCell(cluster);
  operator = startOperator(cluster, cell);
}, 120_000);
afterAll(async () => {
  await operator.stop();
  await cell[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}, 60_000);

const namespaceKind: ResourceKind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
const ingressKind: ResourceKind = { group: 'networking.k8s.io', version: 'v1', kind: 'Ingress', plural: 'ingresses', namespaced: true };

const hostOf = (name: string): string => `${name}.${cell.domain}`;
const shared = () => ({ isolation: { shared: { cell: cell.name } } });

/** Applies a tenant with one host; answers its name. */
async function makeTenant(name: string, spec: object = {}): Promise<string> {
  const full = `${name}-${cluster.namespace}`;
  await cluster.apply(tenantKind, full, { hosts: [hostOf(full)], ...shared(), firstAdministrator: {}, ...spec });
  return full;
}

async function recordOf(tenantId: string): Promise<Readonly<Record<string, string>>> {
  const place = { namespace: cluster.namespace, name: recordName(tenantId as never) };
  const answer = await cluster.api.get<ConfigMap>(configMapKind, place);
  return answer.kind === 'ok' ? (answer.value.data ?? {}) : {};
}

/** What a host says to somebody who comes by. */
async function greeting(host: string): Promise<string> {
  const client = createClient({ transport: hostTransport(cell.address, host), retry: { attempts: 1 } });
  return client.call(routes.getCapabilities).then(
    ({ signUp: who }) => who,
    (error: { code?: string }) => error.code ?? String(error),
  );
}

test('an applied tenant becomes ready; its first administrator signs up by the Secret, which then goes', async () => {
  const name = await makeTenant('one');
  const ready = await waitUntilSaid(
    cluster,
    name,
    'Ready=True/Succeeded',
    'Placed=True/Placed',
    'Registered=True/Registered',
    'Reachable=True/Answering',
  );
  expect(ready.status).toMatchObject({ cell: cell.name, pool: cell.pool, tenantId: ready.metadata.uid, usage: { users: 0 } });
  const ada = await signUp(cell, hostOf(name), await invitationOf(cluster, name));
  await putFiles(ada, [{ name: 'a.txt', bytes: Buffer.from('hello') }]);
  await cluster.apply(
    tenantKind,
    name,
    { hosts: [hostOf(name)], ...shared(), firstAdministrator: {} },
    { 'driftbox.io/requested-at': 'now' },
  );
  await waitFor(async () => (await cluster.get<typeof ready>(tenantKind, name))?.status?.requestedAt === 'now', { deadlineMs: 20_000 });
  expect((await cluster.get<typeof ready>(tenantKind, name))?.status?.usage).toMatchObject({ users: 1 });
  await expect(invitationOf(cluster, name)).rejects.toThrow('not found');
}, 120_000);

test('a quota lowered below what is stored says so and takes no more, loses nothing, and takes again when raised', async () => {
  const quota = `q-${cluster.namespace}`;
  await cluster.apply(quotaKind, quota, { storage: '1Mi' });
  const name = await makeTenant('two', { quota });
  await waitUntilSaid(cluster, name, 'Ready=True/Succeeded');
  const ada = await signUp(cell, hostOf(name), await invitationOf(cluster, name));
  await putFiles(ada, [{ name: 'big.bin', bytes: new Uint8Array(200_000) }]);
  await cluster.apply(quotaKind, quota, { storage: '100k' });
  await waitUntilSaid(cluster, name, 'QuotaExceeded=True/Storage', 'Ready=True/Succeeded');
  const more = putFiles(ada, [{ name: 'more.bin', bytes: new Uint8Array(1_000).fill(1) }]);
  await expect(more).rejects.toThrow('quota_exceeded');
  const { items } = await ada.client.call(routes.listChildren, { params: { drive: ada.drive.drive, entry: ada.drive.rootId } });
  expect(items.map((item) => item.name)).toEqual(['big.bin']);
  await cluster.apply(quotaKind, quota, { storage: '2Mi' });
  await waitUntilSaid(cluster, name, 'QuotaExceeded=False/Within');
  await putFiles(ada, [{ name: 'more.bin', bytes: new Uint8Array(1_000).fill(1) }]);
}, 120_000);

test('a host is added and taken away; a suspended tenant lets nobody in until it is resumed', async () => {
  const name = await makeTenant('three', { identity: { signUp: 'open' } });
  await waitUntilSaid(cluster, name, 'Ready=True/Succeeded');
  const other = `other-${hostOf(name)}`;
  await makeTenant('three', { hosts: [hostOf(name), other], identity: { signUp: 'open' } });
  await waitUntilSaid(cluster, name, 'Ready=True/Succeeded');
  expect(await greeting(other)).toBe('open');
  await makeTenant('three', { hosts: [hostOf(name)], suspended: true, identity: { signUp: 'open' } });
  await waitUntilSaid(cluster, name, 'Ready=False/Suspended', 'Reachable=True/Answering');
  expect(await greeting(hostOf(name))).toBe('tenant_suspended');
  await makeTenant('three', { identity: { signUp: 'open' } });
  await waitUntilSaid(cluster, name, 'Ready=True/Succeeded');
  // The host that was given up is free for others, and no more answered as this tenant's.
  await waitFor(async () => (await greeting(other)) === 'closed', { deadlineMs: 20_000 });
}, 120_000);

test('of two tenants with one host the second is stalled and never served, until the first gives it up', async () => {
  const first = await makeTenant('four', { identity: { signUp: 'open' } });
  await waitUntilSaid(cluster, first, 'Ready=True/Succeeded');
  const second = await makeTenant('five', { hosts: [hostOf(first)] });
  const stalled = await waitUntilSaid(cluster, second, 'Stalled=True/HostClaimed', 'Ready=False/Stalled');
  expect(stalled.status?.conditions?.find(({ type }) => type === 'Stalled')?.message).toBe(
    `${hostOf(first)} is claimed by Tenant ${first}`,
  );
  expect(await saidOf(cluster, second)).not.toContain('Registered=True/Registered');
  expect(await greeting(hostOf(first))).toBe('open');
  await makeTenant('four', { hosts: [`x-${hostOf(first)}`], identity: { signUp: 'open' } });
  await waitUntilSaid(cluster, second, 'Ready=True/Succeeded');
}, 120_000);

test('a host elsewhere needs an ingress that the cell has not; the others are served', async () => {
  const name = await makeTenant('six', { hosts: ['files.elsewhere.example'] });
  await waitUntilSaid(cluster, name, 'Stalled=True/NoIngress', 'Ready=False/Stalled');
  await makeTenant('six', { hosts: ['files.elsewhere.example', hostOf(name)] });
  await waitUntilSaid(cluster, name, 'Stalled=True/NoIngress', 'Registered=True/Registered', 'Reachable=True/Answering');
}, 120_000);

test('in a cell behind an ingress a host elsewhere gets a route of its own, which goes with it', async () => {
  const behind = `${cell.name}-in`;
  const namespace = cellNamespace(behind);
  const paused = { 'driftbox.io/paused': 'true' };
  const domain = `in.${cell.domain}`;
  await cluster.apply(
    cellKind,
    behind,
    { version: '0.1.0', profile: 'tiny', domain, pools: [cell.pool], expose: { ingress: { className: 'nginx' } } },
    paused,
  );
  await cluster.api.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const own = `files.${cluster.namespace}.example.org`;
  const name = await makeTenant('routed', { hosts: [own, `a.${domain}`], isolation: { shared: { cell: behind } } });
  await waitUntilSaid(cluster, name, 'Ready=True/Succeeded');
  const place = { namespace, name: `tenant-${name}` };
  const route = expectOk(await cluster.api.get<Tenant>(ingressKind, place), 'reading the route');
  expect(route).toMatchObject({
    spec: { ingressClassName: 'nginx', rules: [{ host: own }] },
    metadata: { labels: { 'driftbox.io/tenant': name } },
  });
  await makeTenant('routed', { hosts: [`a.${domain}`], isolation: { shared: { cell: behind } } });
  await waitFor(async () => (await cluster.api.get(ingressKind, place)).kind === 'notFound', { deadlineMs: 20_000 });
  await endTenant(cluster, name);
  await cluster.api.delete(namespaceKind, { name: namespace });
}, 60_000);

test('deleted under Retain all is kept: a tenant of the old name starts empty, and one that adopts it has everything again', async () => {
  const name = await makeTenant('seven');
  const { tenantId = '' } = (await waitUntilSaid(cluster, name, 'Ready=True/Succeeded')).status ?? {};
  const ada = await signUp(cell, hostOf(name), await invitationOf(cluster, name));
  await putFiles(ada, [{ name: 'kept.txt', bytes: Buffer.from('kept') }]);
  await endTenant(cluster, name);
  expect(await recordOf(tenantId)).toMatchObject({ state: 'retained', tenant: name, cell: cell.name });
  await expect(ada.client.call(routes.getMe)).rejects.toMatchObject({ code: expect.stringMatching(/suspended|not_found|unauthenticated/) });

  // Under other hosts: for ten seconds services may hold the old ones to be the old tenant's.
  await makeTenant('seven', { hosts: [`new-${hostOf(name)}`] });
  const empty = await waitUntilSaid(cluster, name, 'Ready=True/Succeeded');
  expect(empty.status).toMatchObject({ usage: { users: 0, files: 0 } });
  expect(empty.status?.tenantId).not.toBe(tenantId);
  await endTenant(cluster, name);

  const back = `back-${hostOf(name)}`;
  await makeTenant('seven', { hosts: [back], adopt: tenantId });
  expect((await waitUntilSaid(cluster, name, 'Ready=True/Succeeded')).status).toMatchObject({ tenantId, usage: { users: 1 } });
  const again = await signIn(cell, back);
  const { items } = await again.client.call(routes.listChildren, { params: { drive: again.drive.drive, entry: again.drive.rootId } });
  expect(items.map((item) => item.name)).toEqual(['kept.txt']);
  const thief = await makeTenant('eight', { adopt: tenantId });
  await waitUntilSaid(cluster, thief, 'Stalled=True/AdoptionRefused');
  await endTenant(cluster, thief);
}, 180_000);

test('deleted under Delete all is erased, with a receipt of every service, and nobody adopts it', async () => {
  const name = await makeTenant('nine', { deletionPolicy: 'Delete' });
  const { tenantId = '' } = (await waitUntilSaid(cluster, name, 'Ready=True/Succeeded')).status ?? {};
  const ada = await signUp(cell, hostOf(name), await invitationOf(cluster, name));
  await putFiles(ada, [{ name: 'gone.txt', bytes: Buffer.from('gone') }]);
  await endTenant(cluster, name);
  const record = await recordOf(tenantId);
  expect(record).toMatchObject({ state: 'erased' });
  const receipts = JSON.parse(record['receipts'] ?? '{}') as Record<string, unknown>;
  expect(Object.keys(receipts).sort()).toEqual(tenantErasers.map(({ service }) => service as string).sort());
  expect(receipts).toMatchObject({ auth: { state: 'erased', erased: { users: 1 } }, metadata: { state: 'erased' } });
  const late = await makeTenant('ten', { adopt: tenantId });
  await waitUntilSaid(cluster, late, 'Stalled=True/AdoptionRefused');
}, 120_000);

test('while its cell is away a tenant says so and its people go on; a change waits, and so does its deletion', async () => {
  const name = await makeTenant('away', { identity: { signUp: 'open' } });
  await waitUntilSaid(cluster, name, 'Ready=True/Succeeded');
  const other = `other-${hostOf(name)}`;
  {
    using _away = cell.cut();
    await makeTenant('away', { hosts: [hostOf(name), other], identity: { signUp: 'open' } });
    const failing = await waitUntilSaid(cluster, name, 'Ready=False/Failing', 'Reconciling=True/Retrying', 'Registered=False/Failing');
    expect(JSON.stringify(failing.status)).toContain(`asking Cell ${cell.name}: the cell does not answer`);
    expect(await greeting(hostOf(name))).toBe('open');
  }
  await waitUntilSaid(cluster, name, 'Ready=True/Succeeded', 'Registered=True/Registered');
  expect(await greeting(other)).toBe('open');
  {
    using _away = cell.cut();
    await cluster.delete(tenantKind, name);
    await waitUntilSaid(cluster, name, 'Deleting=True/Retaining');
    expect(await greeting(hostOf(name))).toBe('open');
  }
  await waitFor(async () => (await cluster.get(tenantKind, name)) === undefined, { deadlineMs: 30_000 });
}, 120_000);

test('asked for a plan a pass changes nothing, and says what it would', async () => {
  const name = `plan-${cluster.namespace}`;
  await cluster.apply(tenantKind, name, { hosts: [hostOf(name)], ...shared() }, { 'driftbox.io/plan': 'true' });
  const planned = await waitFor(
    async () => (await cluster.get<Awaited<ReturnType<typeof waitUntilSaid>>>(tenantKind, name))?.status?.plan,
    { deadlineMs: 20_000 },
  );
  expect(planned).toContain(`claim ${hostOf(name)}`);
  expect((await cluster.get(tenantKind, name))?.metadata.finalizers).toBeUndefined();
  await cluster.apply(tenantKind, name, { hosts: [hostOf(name)], ...shared() });
  await waitUntilSaid(cluster, name, 'Ready=True/Succeeded');
}, 60_000);
