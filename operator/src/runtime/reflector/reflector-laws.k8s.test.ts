import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { startFaultProxy, type Fault, type FaultProxy } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { edits, followsThrough } from '../../testing/follow-laws.ts';
import { openRealWorld, realAccess, realAddress, type RealWorld } from '../../testing/real-cluster.ts';
import type { ClusterAccess } from '../api/cluster-access.ts';
import { createApi } from '../api/create-api.ts';

/** Trouble of the network between the reflector and a real server. */
type Trouble = { readonly kind: 'cut' } | { readonly kind: 'wait' } | { readonly kind: 'fault'; readonly fault: Fault };

let world: RealWorld;
let proxy: FaultProxy;
let access: ClusterAccess;

beforeAll(async () => {
  world = await openRealWorld();
  proxy = await startFaultProxy(realAddress());
  access = realAccess(proxy);
});
afterAll(async () => {
  access.close();
  await proxy.close();
  await world[Symbol.asyncDispose]();
});

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constantFrom<Trouble>({ kind: 'cut' }, { kind: 'wait' }),
  fc
    .constantFrom<Fault>({ stalled: true }, { refused: true }, { delayMs: 30 }, { cutAfterBytes: 2_500 }, {})
    .map((fault) => ({ kind: 'fault' as const, fault })),
);

async function makeTrouble(one: Trouble): Promise<void> {
  if (one.kind === 'cut') proxy.cut();
  if (one.kind === 'fault') proxy.set(one.fault);
  await delay(one.kind === 'wait' ? 50 : 5);
}

test('after any edits and faults of the network the cache holds what a real server holds, told of change by change', async () => {
  const disturbed = createApi({ access, userAgent: 'driftbox-test', rate: { perSecond: 1_000, burst: 1_000 } });
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: edits }, { weight: 2, arbitrary: fc.record({ trouble }) }), { maxLength: 20 });
  const heal = (): void => proxy.set({});
  await fc.assert(
    fc.asyncProperty(steps, (sequence) =>
      followsThrough({ direct: world.api, disturbed, namespace: world.namespace, trouble: makeTrouble, heal }, sequence, 20_000),
    ),
    { numRuns: 15, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false },
  );
  expect(access.sockets()).toBeLessThanOrEqual(4);
}, 120_000);
