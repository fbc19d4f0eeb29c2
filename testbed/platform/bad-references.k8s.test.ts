import type { Operator } from '@driftbox/operator';
import { cellKind, quotaKind, tenantKind } from '@driftbox/resources';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openCell, type CellOfTest } from './cell-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { messageOf, waitUntilSaid, type SayingObject } from './said-of.ts';
import { endTenant } from './tenant-of-test.ts';

let cluster: ClusterOfTest;
let cell: CellOfTest;
let operator: Operator;
beforeAll(async () => {
  cluster = await openCluster();
  cell = await openCell(cluster, { maxTenants: 2 });
  operator = startOperator(cluster, cell);
}, 120_000);
afterAll(async () => {
  await operator.stop();
  await cell[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
}, 60_000);

const full = (name: string): string => `${name}-${cluster.namespace}`;

function makeTenant(name: string, spec: object = {}): Promise<unknown> {
  const isolation = { shared: { cell: cell.name } };
  return cluster.apply(tenantKind, full(name), { hosts: [`${full(name)}.${cell.domain}`], isolation, ...spec });
}
const said = (name: string, ...wanted: readonly string[]): Promise<SayingObject> =>
  waitUntilSaid(cluster, [tenantKind, full(name)], wanted);

test('what a tenant names and is not there is told by its name, the others go on, and it goes on once it is there', async () => {
  await makeTenant('well');
  await said('well', 'Ready=True/Succeeded');
  const pattern = { version: '0.1.0', profile: 'tiny', pools: [cell.pool], template: true };
  await cluster.apply(cellKind, full('pattern'), pattern, { 'driftbox.io/paused': 'true' });
  const lost: readonly [string, object, string][] = [
    ['lost-cell', { isolation: { shared: { cell: full('nowhere') } } }, `there is no Cell ${full('nowhere')}`],
    ['lost-pattern', { isolation: { shared: { cell: full('pattern') } } }, 'is a template, and never deployed'],
    ['lost-template', { isolation: { dedicated: { template: full('nothing') } } }, full('nothing')],
    ['lost-pool', { pool: full('puddle') }, `keeps its packs in the StoragePool ${cell.pool}, not in ${full('puddle')}`],
    ['lost-quota', { quota: full('q'), deletionPolicy: 'Delete' }, full('q')],
  ];
  for (const [name, spec] of lost) await makeTenant(name, spec);
  for (const [name, , says] of lost) {
    const stalled = await said(name, 'Stalled=True/ReferenceMissing');
    expect(messageOf(stalled, 'Stalled')).toContain(says);
  }
  await cluster.apply(quotaKind, full('q'), { storage: '1Gi' });
  await said('lost-quota', 'Ready=True/Succeeded', 'Registered=True/Registered');
  await said('well', 'Ready=True/Succeeded');
}, 120_000);

test('a cell with as many tenants as it may have takes no other, until one goes', async () => {
  await makeTenant('third');
  const stalled = await said('third', 'Stalled=True/CellFull', 'Ready=False/Stalled');
  expect(messageOf(stalled, 'Stalled')).toBe(`Cell ${cell.name} has 2 tenants of at most 2`);
  await endTenant(cluster, full('lost-quota'));
  await said('third', 'Ready=True/Succeeded');
  await said('well', 'Ready=True/Succeeded');
}, 120_000);
