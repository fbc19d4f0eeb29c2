import { setTimeout as delay } from 'node:timers/promises';
import { configMapKind, leaseKind, tenantResource, type Lease, type Tenant } from '@driftbox/operator';
import { startFaultProxy, testComponent } from '@driftbox/testkit';
import { figuresOf, secondsOf } from '../interleave.ts';
import { isReady } from '../../platform/tenant-objects.ts';
import { applyTenant, seen } from '../operator/in-cluster.ts';
import type { OperatorWorld } from '../operator/operator-world.ts';
import type { OperatorRow } from '../row.ts';

const rounds = 5;

const head = { row: 27, unit: 's', judged: 'value', better: 'lower' } as const;

/** Row 27: how long it is until what happened to an operator, or behind its back, is made good. */
export const operatorRecovery: readonly OperatorRow[] = [
  {
    ...head,
    name: "operator: the claim on a Tenant's host deleted by somebody, until it is there again",
    must: 2,
    aim: 0.5,
    measureOperator: async (world) => {
      const operator = await world.startProcess({ rate: { perSecond: 500, burst: 500 } });
      try {
        const name = `drift-${world.cluster.namespace}`;
        await readyTenant(world, name);
        return await times(() => repair(world));
      } finally {
        await operator.stop();
      }
    },
  },
  {
    ...head,
    name: 'operator: its way to the API server cut for 3 s, until a Tenant made meanwhile is Ready after it is whole again',
    must: 5,
    aim: 1,
    measureOperator: async (world) => {
      const server = new URL(testComponent('k8s').url);
      await using way = await startFaultProxy({ host: server.hostname, port: Number(server.port) });
      server.port = String(way.port);
      const operator = await world.startProcess({ server: server.href, rate: { perSecond: 500, burst: 500 } });
      try {
        await readyTenant(world, `cut-first-${world.cluster.namespace}`);
        return await times(async (round) => {
          const name = `cut-${round}-${world.cluster.namespace}`;
          way.set({ refused: true });
          way.cut();
          await applyTenant(world, name);
          await delay(3_000);
          way.set({});
          return secondsOf(() => readyTenant(world, name));
        });
      } finally {
        await operator.stop();
      }
    },
  },
  {
    ...head,
    name: 'operator: the leader killed, until another leads (its lease is for 15 s)',
    must: 20,
    aim: 16,
    measureOperator: async (world) => {
      let [leader, standby] = [await world.startProcess({ name: 'round-0' }), await world.startProcess({ name: 'round-1' })];
      try {
        await readyTenant(world, `led-${world.cluster.namespace}`);
        const all: number[] = [];
        for (let round = 0; round < 3; round += 1) {
          await leads(world, `round-${round}`);
          all.push(
            await secondsOf(async () => {
              await leader.kill();
              await leads(world, `round-${round + 1}`);
            }),
          );
          [leader, standby] = [standby, await world.startProcess({ name: `round-${round + 2}` })];
        }
        return figuresOf(all);
      } finally {
        await standby.stop();
        await leader.stop();
      }
    },
  },
];

async function times(measure: (round: number) => Promise<number>): Promise<{ value: number; min: number; max: number }> {
  const all: number[] = [];
  for (let round = 0; round < rounds; round += 1) all.push(await measure(round));
  return figuresOf(all);
}

async function readyTenant(world: OperatorWorld, name: string): Promise<void> {
  await applyTenant(world, name);
  const all = [tenantResource, { labelSelector: world.cluster.only }] as const;
  await seen<Tenant>(world.cluster, all, (tenant) => tenant.metadata.name === name && isReady(tenant));
}

async function repair(world: OperatorWorld): Promise<number> {
  const { api, namespace } = world.cluster;
  const claims = { namespace, labelSelector: 'driftbox.io/part=host-claim' };
  const claim = await seen(world.cluster, [configMapKind, claims], () => true);
  const { name, uid } = claim.metadata;
  return secondsOf(async () => {
    await api.delete(configMapKind, { namespace, name });
    await seen(world.cluster, [configMapKind, claims], ({ metadata }) => metadata.name === name && metadata.uid !== uid);
  });
}

async function leads(world: OperatorWorld, name: string): Promise<void> {
  const lease = [leaseKind, { namespace: world.cluster.namespace }] as const;
  await seen<Lease>(world.cluster, lease, ({ spec }) => spec?.holderIdentity?.startsWith(`${name}_`) === true);
}
