import { quotaKind, tenantKind } from '@driftbox/resources';
import { waitFor } from '@driftbox/testkit';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openCell, type CellOfTest } from './cell-of-test.ts';
import { openCluster, type ClusterOfTest } from './cluster-of-test.ts';
import { startOperator } from './operator-of-test.ts';
import { countReady, versionsOf } from './tenant-objects.ts';

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

/** `npm run accept -- platform` asks for more. */
const count = Number(process.env['DRIFTBOX_TENANTS'] ?? 100);
const patienceMs = 60_000 + count * 600;

async function passesOf(registry: Registry): Promise<number> {
  const metric = await registry.getSingleMetric('controller_runtime_reconcile_total')?.get();
  const ofTenants = metric?.values.filter(({ labels }) => labels['controller'] === 'tenant') ?? [];
  return ofTenants.reduce((sum, { value }) => sum + value, 0);
}

test(
  `${count} tenants become ready, and at rest nothing is written, not even by an operator that has just begun`,
  async () => {
    const quota = `q-${cluster.namespace}`;
    await cluster.apply(quotaKind, quota, { storage: '1Gi' });
    const first = startOperator(cluster, cell);
    const names = Array.from({ length: count }, (_, number) => `t${number}-${cluster.namespace}`);
    const spec = (name: string) => ({ hosts: [`${name}.${cell.domain}`], isolation: { shared: {} }, quota });
    for (let at = 0; at < count; at += 20)
      await Promise.all(names.slice(at, at + 20).map((name) => cluster.apply(tenantKind, name, spec(name))));
    await waitFor(async () => (await countReady(cluster)) === count, {
      deadlineMs: patienceMs,
      longestPauseMs: 500,
      what: 'all ready',
    });
    await first.stop();

    const before = await versionsOf(cluster);
    const registry = new Registry();
    const second = startOperator(cluster, cell, { registry });
    await waitFor(async () => (await passesOf(registry)) >= count, {
      deadlineMs: patienceMs,
      longestPauseMs: 200,
      what: 'a pass over each',
    });
    await second.stop();
    expect(Object.keys(before).length).toBeGreaterThan(3 * count);
    expect(await versionsOf(cluster)).toEqual(before);
  },
  2 * patienceMs + 60_000,
);
