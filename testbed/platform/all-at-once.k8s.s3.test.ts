import { configMapKind, expectOk, secretKind, type ConfigMap, type KubeObject, type Tenant } from '@driftbox/operator';
import { cellKind, cellNamespace, quotaKind, recordName, storagePoolKind, tenantKind } from '@driftbox/resources';
import { seededRandom, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CellOfTest } from './cell-of-test.ts';
import type { ClusterOfTest } from './cluster-of-test.ts';
import { openMadeWorld, type MadeWorld } from './made-world.ts';
import { waitUntilSaid, type Named, type SayingObject } from './said-of.ts';

let world: MadeWorld;
let cluster: ClusterOfTest;
let cell: CellOfTest;
beforeAll(async () => {
  world = await openMadeWorld();
  ({ cluster, cell } = world);
}, 120_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

/** Everything that an administrator has applied, as the file names it: what is used comes first. */
function everything(round: string): readonly Named[] {
  const name = (of: string): string => `${of}${round}-${cluster.namespace}`;
  return [
    [storagePoolKind, world.pool],
    [quotaKind, name('q')],
    [cellKind, cell.name],
    [tenantKind, name('kept')],
    [tenantKind, name('erased')],
  ];
}

/** Applies a pool, a quota, a cell that the operator deploys, and two tenants in it; answers the ids of the tenants. */
async function makeEverything(round: string): Promise<readonly string[]> {
  const [pool, quota, wholeCell, ...tenants] = everything(round);
  if (pool === undefined || quota === undefined || wholeCell === undefined) throw new Error('there is less than everything');
  await cluster.apply(storagePoolKind, pool[1], world.poolSpec);
  await cluster.apply(quotaKind, quota[1], { storage: '1Gi' });
  await cluster.apply(cellKind, wholeCell[1], { version: '0.1.0', profile: 'tiny', domain: cell.domain, pools: [pool[1]] });
  for (const [, name] of tenants) {
    const deletionPolicy = name.startsWith('kept') ? 'Retain' : 'Delete';
    const isolation = { shared: { cell: wholeCell[1] } };
    await cluster.apply(tenantKind, name, { hosts: [`${name}.${cell.domain}`], isolation, quota: quota[1], deletionPolicy });
  }
  for (const one of [pool, quota, wholeCell, ...tenants]) await waitUntilSaid(cluster, one, ['Ready=True/Succeeded'], 120_000);
  const statuses = tenants.map(async ([, name]) => (await cluster.get<Tenant>(tenantKind, name))?.status?.tenantId ?? '');
  return Promise.all(statuses);
}

async function stateOf(tenantId: string): Promise<string | undefined> {
  const answer = await cluster.api.get<ConfigMap>(configMapKind, { namespace: cluster.namespace, name: recordName(tenantId as never) });
  return answer.kind === 'ok' ? answer.value.data?.['state'] : undefined;
}

/** Names of the Secrets that were made once for the cell: data is encrypted with them. */
async function mastersOf(): Promise<readonly string[]> {
  const selection = { namespace: cluster.namespace, labelSelector: `driftbox.io/master-of=${cell.name}` };
  const { items } = expectOk(await cluster.api.list<KubeObject>(secretKind, selection), 'listing Secrets');
  return items.map(({ metadata }) => metadata.name).toSorted();
}

const random = seededRandom(20_261_129);
const shuffled = (all: readonly Named[]): readonly Named[] =>
  all
    .map((one) => [random.next(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);
const orders: readonly [string, (all: readonly Named[]) => readonly Named[]][] = [
  ['in the order of the file', (all) => all],
  ['the other way round', (all) => all.toReversed()],
  ['in an order of chance', shuffled],
];

test.each(orders)(
  'everything deleted at once, %s, ends: data, keys and records stay as the policies say',
  async (order, ordered) => {
    const round = String(orders.findIndex(([one]) => one === order));
    const [kept = '', erased = ''] = await makeEverything(round);
    const masters = await mastersOf();
    const all = ordered(everything(round));
    for (const [kind, name] of all) await cluster.delete(kind, name);
    for (const [kind, name] of all)
      await waitFor(async () => (await cluster.get<SayingObject>(kind, name)) === undefined, {
        deadlineMs: 60_000,
        what: `the end of ${name}`,
      });
    expect([await stateOf(kept), await stateOf(erased)]).toEqual(['retained', 'erased']);
    expect(masters.length).toBeGreaterThan(1);
    expect(await mastersOf()).toEqual(masters);
    const namespace = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
    expect((await cluster.api.get(namespace, { name: cellNamespace(cell.name) })).kind).toBe('notFound');
  },
  240_000,
);
