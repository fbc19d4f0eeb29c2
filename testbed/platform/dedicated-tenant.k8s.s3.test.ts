import { expectOk, resourceKindOf, type KubeObject, type Tenant } from '@driftbox/operator';
import { cellKind, cellNamespace, storagePoolKind, tenantKind } from '@driftbox/resources';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openMadeWorld, type MadeWorld } from './made-world.ts';
import { waitUntilSaid, type SayingObject } from './said-of.ts';
import { deploymentKind } from './scripted-node.ts';
import { endTenant } from './tenant-of-test.ts';

let world: MadeWorld;
beforeAll(async () => void (world = await openMadeWorld()), 120_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('a dedicated tenant gets a cell of its own, which follows its template, takes nobody else, and goes with it', async () => {
  const { cluster, pool, poolSpec } = world;
  const [template, name, other] = ['pattern', 'alone', 'other'].map((one) => `${one}-${cluster.namespace}`) as [string, string, string];
  await cluster.apply(storagePoolKind, pool, poolSpec);
  const pattern = { version: '0.1.0', profile: 'tiny', pools: [pool], template: true, deletionPolicy: 'Delete' };
  await cluster.apply(cellKind, template, pattern);
  await waitUntilSaid(cluster, [cellKind, template], ['Ready=True/Succeeded']);
  const hosts = [`${name}.own.example.com`];
  await cluster.apply(tenantKind, name, { hosts, isolation: { dedicated: { template } }, deletionPolicy: 'Delete' });
  const ready = await waitUntilSaid(cluster, [tenantKind, name], ['Ready=True/Succeeded', 'Placed=True/Placed'], 120_000);
  const { tenantId = '', cell: own = '' } = (ready as Tenant).status ?? {};
  expect(own).toBe(`t-${tenantId}`);
  const made = await waitUntilSaid(cluster, [cellKind, own], ['Ready=True/Succeeded', 'Released=True/InSync'], 60_000);
  expect(made).toMatchObject({
    spec: { domain: 'own.example.com', maxTenants: 1, template: false },
    status: { version: '0.1.0', tenants: 1 },
  });
  const { items } = expectOk(await cluster.api.list<KubeObject>(deploymentKind, { namespace: cellNamespace(own) }), 'listing Deployments');
  expect(items.map((one) => one.metadata.name)).toContain(`${own}-gateway`);

  await cluster.apply(tenantKind, other, { hosts: [`${other}.own.example.com`], isolation: { shared: { cell: own } } });
  await waitUntilSaid(cluster, [tenantKind, other], ['Stalled=True/CellFull', 'Ready=False/Stalled']);
  await endTenant(cluster, other);

  await cluster.apply(cellKind, template, { ...pattern, version: '0.2.0' });
  const isFollowed = async () => (await cluster.get<SayingObject>(cellKind, own))?.status?.['version'] === '0.2.0';
  await waitFor(isFollowed, { deadlineMs: 120_000, what: 'the version of the template' });

  await cluster.delete(tenantKind, name);
  for (const [kind, of] of [
    [tenantKind, name],
    [cellKind, own],
  ] as const)
    await waitFor(async () => (await cluster.get(kind, of)) === undefined, { deadlineMs: 60_000, what: `the end of ${of}` });
  const left = await cluster.api.list<KubeObject>(resourceKindOf(cellKind), { labelSelector: `driftbox.io/tenant-id=${tenantId}` });
  expect(expectOk(left, 'listing cells').items).toEqual([]);
}, 300_000);
