import { createClient } from '@driftbox/api-client';
import { configMapKind, type ConfigMap, type Operator, type Tenant } from '@driftbox/operator';
import { routes } from '@driftbox/protocol';
import { quotaKind, recordName, tenantKind } from '@driftbox/resources';
import { waitFor } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hostTransport, putFiles } from '../src/api-user.ts';
import { openCell, type CellOfTest } from './cell-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { invitationOf, signIn, signUp, waitUntilSaid } from './tenant-of-test.ts';

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

const full = (name: string): string => `${name}-${cluster.namespace}`;
const hostOf = (name: string): string => `${full(name)}.${cell.domain}`;

function makeTenant(name: string, spec: object = {}): Promise<unknown> {
  const isolation = { shared: { cell: cell.name } };
  return cluster.apply(tenantKind, full(name), { hosts: [hostOf(name)], isolation, firstAdministrator: {}, ...spec });
}

async function stateOf(tenantId: string): Promise<string | undefined> {
  const place = { namespace: cluster.namespace, name: recordName(tenantId as never) };
  const answer = await cluster.api.get<ConfigMap>(configMapKind, place);
  return answer.kind === 'ok' ? answer.value.data?.['state'] : undefined;
}

test('without an operator people go on, what is deleted waits and shows for whom, and all of it is done when one is back', async () => {
  const quota = full('q');
  await cluster.apply(quotaKind, quota, { storage: '1Gi' });
  const ids: string[] = [];
  for (const name of ['kept', 'erased']) await makeTenant(name, { quota, deletionPolicy: name === 'kept' ? 'Retain' : 'Delete' });
  for (const name of ['kept', 'erased']) {
    const { status } = await waitUntilSaid(cluster, full(name), 'Ready=True/Succeeded');
    ids.push(status?.tenantId ?? '');
    const ada = await signUp(cell, hostOf(name), await invitationOf(cluster, full(name)));
    await putFiles(ada, [{ name: 'a.txt', bytes: Buffer.from(name) }]);
  }
  await operator.stop();

  await makeTenant('late');
  await cluster.apply(quotaKind, quota, { storage: '2Gi' });
  for (const name of ['kept', 'erased']) await cluster.delete(tenantKind, full(name));
  await cluster.delete(quotaKind, quota);
  for (const [kind, name] of [
    [tenantKind, full('kept')],
    [tenantKind, full('erased')],
    [quotaKind, quota],
  ] as const) {
    const { deletionTimestamp, finalizers = [] } = (await cluster.get(kind, name))?.metadata ?? {};
    expect([deletionTimestamp, finalizers]).toEqual([expect.any(String), [expect.stringMatching(/^driftbox\.io\/[a-z-]+$/)]]);
  }
  for (const name of ['kept', 'erased']) {
    const ada = await signIn(cell, hostOf(name));
    await putFiles(ada, [{ name: 'b.txt', bytes: Buffer.from('while nobody was there') }]);
  }
  expect(await ids.reduce(async (all, id) => [...(await all), await stateOf(id)], Promise.resolve<unknown[]>([]))).toEqual([
    'live',
    'live',
  ]);

  operator = startOperator(cluster, cell);
  for (const [kind, name] of [
    [tenantKind, full('kept')],
    [tenantKind, full('erased')],
    [quotaKind, quota],
  ] as const)
    await waitFor(async () => (await cluster.get(kind, name)) === undefined, { deadlineMs: 60_000, what: `the end of ${name}` });
  expect([await stateOf(ids[0] ?? ''), await stateOf(ids[1] ?? '')]).toEqual(['retained', 'erased']);
  const greeted = createClient({ transport: hostTransport(cell.address, hostOf('kept')), retry: { attempts: 1 } });
  await expect(greeted.call(routes.getCapabilities)).rejects.toMatchObject({ code: expect.stringMatching(/suspended|not_found/) });
  const late = (await waitUntilSaid(cluster, full('late'), 'Ready=True/Succeeded')) satisfies Tenant;
  expect(late.status?.cell).toBe(cell.name);
}, 180_000);
