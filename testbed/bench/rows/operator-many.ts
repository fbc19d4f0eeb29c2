import { setTimeout as delay } from 'node:timers/promises';
import { eventKind } from '@driftbox/operator';
import { waitFor } from '@driftbox/testkit';
import { countReady, objectsOf, versionsOf } from '../../platform/tenant-objects.ts';
import { applyTenant } from '../operator/in-cluster.ts';
import type { ClusterOfTest } from '../../platform/cluster-of-test.ts';
import { defaultRate, type OperatorWorld } from '../operator/operator-world.ts';
import type { OperatorRow } from '../row.ts';

const tenants = 1_000;
/** So long that each Tenant is looked at once more, as it is by and by. */
const idleSeconds = 660;

/** What one run of many tenants shows. */
type Many = {
  readonly coldSeconds: number;
  readonly objects: number;
  readonly idlePercent: number;
  readonly idleWrites: number;
  readonly residentMB: number;
};

const head = { row: 26, better: 'lower' } as const;
let measured: Promise<Many> | undefined;
/** All four rows tell of one run. */
const once = (world: OperatorWorld): Promise<Many> => (measured ??= measure(world));

/** Row 26: an operator in a process of its own, with the rate of requests that it has by default. */
export const operatorMany: readonly OperatorRow[] = [
  {
    ...head,
    name: `operator: ${tenants} Tenants from cold to Ready, against the objects that there are then by the requests that it may make`,
    unit: 's',
    judged: 'ratio',
    must: 1.5,
    aim: 1.1,
    measureOperator: async (world) => {
      const { coldSeconds, objects } = await once(world);
      const note = `${objects} objects, ${defaultRate.perSecond} requests a second; one run`;
      return { value: coldSeconds, min: coldSeconds, max: coldSeconds, baseline: objects / defaultRate.perSecond, note };
    },
  },
  idle('processor', '%', [1, 0.1], ({ idlePercent }) => idlePercent),
  idle('objects written other than the lease', 'objects', [0, 0], ({ idleWrites }) => idleWrites),
  idle('resident memory', 'MB', [200, 120], ({ residentMB }) => residentMB),
];

function idle(what: string, unit: string, [must, aim]: readonly [number, number], figure: (many: Many) => number): OperatorRow {
  return {
    ...head,
    name: `operator: idle for ${idleSeconds} s with ${tenants} Tenants: ${what}`,
    unit,
    judged: 'value',
    must,
    aim,
    measureOperator: async (world) => {
      const value = figure(await once(world));
      return { value, min: value, max: value };
    },
  };
}

async function measure(world: OperatorWorld): Promise<Many> {
  const { cluster } = world;
  const names = Array.from({ length: tenants }, (_, number) => `many-${number}-${cluster.namespace}`);
  for (let at = 0; at < tenants; at += 20) await Promise.all(names.slice(at, at + 20).map((name) => applyTenant(world, name)));
  // Rows before this one have left theirs.
  const others = await countReady(cluster);
  const before = new Set((await objectsOf(cluster)).keys());
  const startedMs = performance.now();
  const operator = await world.startProcess();
  try {
    await waitFor(async () => (await countReady(cluster)) >= others + tenants, {
      deadlineMs: 1_200_000,
      longestPauseMs: 500,
      what: 'all Tenants ready',
    });
    const coldSeconds = (performance.now() - startedMs) / 1000;
    const after = await objectsOf(cluster);
    // What is counted beside the Tenants themselves is what was written for them, what was told of them included.
    const objects = tenants + [...after.keys()].filter((name) => !before.has(name)).length + (await eventsOf(world));
    const settled = await settle(cluster);
    const cpuBefore = (await operator.used()).cpuMs;
    await delay(idleSeconds * 1_000);
    const { cpuMs, residentBytes } = await operator.used();
    const then = await versionsOf(cluster);
    return {
      coldSeconds,
      objects,
      idlePercent: (cpuMs - cpuBefore) / (idleSeconds * 10),
      idleWrites: changedSince(settled, then),
      residentMB: residentBytes / 1e6,
    };
  } finally {
    await operator.stop();
  }
}

async function eventsOf({ cluster }: OperatorWorld): Promise<number> {
  const selection = { fieldSelector: 'reportingController=driftbox.io/operator' };
  const answer = await cluster.api.list(eventKind, selection);
  if (answer.kind !== 'ok') throw new Error(answer.message);
  return answer.value.items.length;
}

type Versions = Awaited<ReturnType<typeof versionsOf>>;

const changedSince = (before: Versions, now: Versions): number =>
  Object.entries(now).filter(([name, version]) => before[name] !== version).length;

/** Waits until what follows from the last change is written too; answers how everything is then. */
async function settle(cluster: ClusterOfTest): Promise<Versions> {
  for (let before = await versionsOf(cluster); ;) {
    await delay(10_000);
    const now = await versionsOf(cluster);
    if (changedSince(before, now) === 0) return now;
    before = now;
  }
}
