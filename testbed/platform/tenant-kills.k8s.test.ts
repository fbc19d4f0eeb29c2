import { configMapKind, secretKind, type ConfigMap, type Tenant } from '@driftbox/operator';
import { tenantErasers } from '@driftbox/protocol';
import { recordName, tenantKind } from '@driftbox/resources';
import { seededRandom, waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openCell, type CellOfTest } from './cell-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startMortal } from './mortal-operator.ts';
import { saidOf } from './tenant-of-test.ts';

let cluster: ClusterOfTest;
let cell: CellOfTest;
beforeAll(async () => {
  cluster = await openCluster();
  cell = await openCell(cluster);
}, 120_000);
afterAll(async () => {
  await cell[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}, 60_000);

/** So many deaths at least; `npm run accept -- platform` asks for more. */
const leastDeaths = Number(process.env['DRIFTBOX_OPERATOR_KILLS'] ?? 10);
/** Deaths in each phase; every one is at another change, with or without it being made. */
const deathsPerPhase = 4;
const random = seededRandom(20_260_101);

/** Lets process after process end on the way, then one that lives go on until `isDone`; answers how many ended before they were done. */
async function killOnTheWay(isDone: () => Promise<boolean>): Promise<number> {
  let deaths = 0;
  for (let change = 1 + Math.floor(random.next() * 2); deaths < deathsPerPhase; change = 1 + Math.floor(random.next() * 3)) {
    await using operator = await startMortal(cluster, cell, { change, isMade: random.next() < 0.5 });
    const done = waitFor(isDone, { deadlineMs: 30_000, what: 'the phase' }).then(() => 'done' as const);
    done.catch(() => {});
    if ((await Promise.race([operator.died.then(() => 'died' as const), done])) === 'done') return deaths;
    deaths += 1;
  }
  await using _survivor = await startMortal(cluster, cell, undefined);
  await waitFor(isDone, { deadlineMs: 30_000, what: 'the phase, by one that lives' });
  return deaths;
}

async function dataOf(tenantId: string): Promise<Readonly<Record<string, string>>> {
  const place = { namespace: cluster.namespace, name: recordName(tenantId as never) };
  const answer = await cluster.api.get<ConfigMap>(configMapKind, place);
  return answer.kind === 'ok' ? (answer.value.data ?? {}) : {};
}

/** Names of everything of these labels in the operator's namespace. */
async function leftOf(part: 'host-claim' | 'invitation'): Promise<string[]> {
  const kind = part === 'invitation' ? secretKind : configMapKind;
  const answer = await cluster.api.list<ConfigMap>(kind, { namespace: cluster.namespace, labelSelector: `driftbox.io/part=${part}` });
  return answer.kind === 'ok' ? answer.value.items.map(({ metadata }) => metadata.name) : ['unknown'];
}

/** A whole life of a tenant, every phase of it with deaths on the way; answers how many there were. */
async function liveThrough(name: string): Promise<number> {
  const [host, other] = [`${name}.${cell.domain}`, `other-${name}.${cell.domain}`];
  const spec = { hosts: [host], isolation: { shared: { cell: cell.name } }, firstAdministrator: {} };
  const says = async (...wanted: readonly string[]) => {
    const said = await saidOf(cluster, name);
    return wanted.every((one) => said.includes(one));
  };
  const isGone = async () => (await cluster.get(tenantKind, name)) === undefined;
  let deaths = 0;

  await cluster.apply(tenantKind, name, spec);
  deaths += await killOnTheWay(() => says('Ready=True/Succeeded'));
  const { tenantId = '' } = (await cluster.get<Tenant>(tenantKind, name))?.status ?? {};
  expect([await leftOf('host-claim'), await leftOf('invitation')].map(({ length }) => length)).toEqual([1, 1]);

  await cluster.apply(tenantKind, name, { ...spec, hosts: [other], displayName: 'Kills', suspended: true });
  deaths += await killOnTheWay(() => says('Ready=False/Suspended', 'Reachable=True/Answering'));
  const view = await cell.door.view(tenantId as never, AbortSignal.timeout(10_000));
  for (const kept of Object.values(view.kept))
    expect(kept).toMatchObject({ kind: 'kept', intent: { hosts: [other], suspended: true, name: 'Kills' } });

  await cluster.delete(tenantKind, name);
  deaths += await killOnTheWay(isGone);
  expect(await dataOf(tenantId)).toMatchObject({ state: 'retained' });
  expect(await leftOf('host-claim')).toEqual([]);

  await cluster.apply(tenantKind, name, { ...spec, adopt: tenantId, deletionPolicy: 'Delete' });
  deaths += await killOnTheWay(() => says('Ready=True/Succeeded'));
  expect((await cluster.get<Tenant>(tenantKind, name))?.status?.tenantId).toBe(tenantId);

  await cluster.delete(tenantKind, name);
  deaths += await killOnTheWay(isGone);
  const record = await dataOf(tenantId);
  expect(record).toMatchObject({ state: 'erased' });
  expect(Object.values(JSON.parse(record['receipts'] ?? '{}') as object).map(({ state }: { state: string }) => state)).toEqual(
    tenantErasers.map(() => 'erased'),
  );
  expect([await leftOf('host-claim'), await leftOf('invitation')]).toEqual([[], []]);
  return deaths;
}

test(
  'however often the operator is killed on the way, a tenant is made, changed, kept, taken over and erased',
  async () => {
    let deaths = 0;
    for (let life = 1; deaths < leastDeaths; life += 1) {
      const before = deaths;
      deaths += await liveThrough(`kills${life}-${cluster.namespace}`);
      // Where it never ended on the way nothing was tried.
      expect(deaths).toBeGreaterThan(before);
    }
  },
  180_000 * Math.ceil(leastDeaths / 10),
);
