import { apiVersionOf, tenantResource, type KubeObject, type Tenant } from '@driftbox/operator';
import { waitFor } from '@driftbox/testkit';
import type { CellOfTest } from '../../platform/cell-of-test.ts';
import { figuresOf, secondsOf } from '../interleave.ts';
import { isReady, objectsOf, type Made } from '../../platform/tenant-objects.ts';
import { applyTenant, seen } from '../operator/in-cluster.ts';
import type { OperatorWorld } from '../operator/operator-world.ts';
import type { OperatorRow } from '../row.ts';

const rounds = 15;

/** Row 25. What services and gateway take is told by a clock that runs while the operator waits for one of them. */
export const operatorTenant: OperatorRow = {
  row: 25,
  name: "operator: Tenant applied to Ready, without its cell's own time, against a client that writes the same objects one after the other",
  unit: 's',
  judged: 'ratio',
  better: 'lower',
  must: 3,
  aim: 1.2,
  measureOperator: async (world) => {
    const { door, waitedMs, quietMs } = clocked(world.cell.door);
    const operator = world.start(door);
    try {
      await makeTenant(world, 'warm-up');
      const [operators, clients]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        // What follows from the last one is over.
        await waitFor(() => quietMs() > 300, { what: 'no call to the cell' });
        const before = await objectsOf(world.cluster);
        const waitedBefore = waitedMs();
        const seconds = await secondsOf(() => makeTenant(world, `round-${round}`));
        operators.push(seconds - (waitedMs() - waitedBefore) / 1000);
        const made = [...(await objectsOf(world.cluster))].filter(([name]) => !before.has(name)).map(([, one]) => one);
        clients.push(await secondsOf(() => writeAgain(world, made)));
      }
      return { ...figuresOf(operators), baseline: figuresOf(clients).value };
    } finally {
      await operator.stop();
    }
  },
};

async function makeTenant(world: OperatorWorld, name: string): Promise<void> {
  const called = `${name}-${world.cluster.namespace}`;
  const ready = seen<Tenant>(
    world.cluster,
    [tenantResource, { labelSelector: world.cluster.only }],
    (tenant) => tenant.metadata.name === called && isReady(tenant),
  );
  await Promise.all([ready, applyTenant(world, called)]);
}

/** Writes them under other names, where no operator follows them: a Tenant with its finalizers first, and its status last. */
async function writeAgain({ cluster }: OperatorWorld, made: readonly Made[]): Promise<void> {
  const copies = made.map(({ kind, object }) => {
    const { name, namespace, annotations, finalizers } = object.metadata;
    const metadata = { name: `${name}-again`, namespace, annotations, finalizers };
    // What comes in a list does not say what it is.
    return { kind, copy: { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind, metadata } };
  });
  for (const { kind, copy } of copies.toSorted(tenantsFirst)) {
    const { status: _status, ...intent } = copy as KubeObject & { status?: object };
    expectWritten(await cluster.api.apply(kind, intent, { manager: 'bench' }));
  }
  for (const { kind, copy } of copies) {
    const { apiVersion, kind: kindName, metadata, status } = copy as KubeObject & { status?: object };
    if (status === undefined) continue;
    const said = { apiVersion, kind: kindName, metadata: { name: metadata.name }, status };
    expectWritten(await cluster.api.applyStatus(kind, said, { manager: 'bench' }));
  }
}

function tenantsFirst(one: Pick<Made, 'kind'>, other: Pick<Made, 'kind'>): number {
  return Number(other.kind === tenantResource) - Number(one.kind === tenantResource);
}

function expectWritten(answer: { readonly kind: string; readonly message?: string }): void {
  if (answer.kind !== 'ok') throw new Error(`the client was refused: ${answer.message}`);
}

/** The same door, for how long at least one call has been under way through it, and how long ago the last one ended. */
function clocked(door: CellOfTest['door']): { readonly door: CellOfTest['door']; waitedMs(): number; quietMs(): number } {
  let [open, sinceMs, totalMs, endedMs] = [0, 0, 0, performance.now()];
  const through = <Given extends readonly unknown[], T>(call: (...given: Given) => Promise<T>) => {
    return async (...given: Given): Promise<T> => {
      if (open === 0) sinceMs = performance.now();
      open += 1;
      try {
        return await call(...given);
      } finally {
        open -= 1;
        endedMs = performance.now();
        if (open === 0) totalMs += endedMs - sinceMs;
      }
    };
  };
  return {
    door: { view: through(door.view), put: through(door.put), erase: through(door.erase), probe: through(door.probe) },
    waitedMs: () => totalMs,
    quietMs: () => (open > 0 ? 0 : performance.now() - endedMs),
  };
}
