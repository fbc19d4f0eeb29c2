import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { seededRandom } from '@driftbox/testkit';
import { afterAll, beforeAll, test } from '@jest/globals';
import { accessTo } from '../../testing/access-to.ts';
import { startApiServer, type TestApiServer } from '../../testing/api-server.ts';
import { edits, followsThrough, type FollowWorld } from '../../testing/follow-laws.ts';
import type { ServerFault } from '../../testing/server-fault.ts';
import { createApi } from '../api/create-api.ts';
import type { ClusterAccess } from '../api/cluster-access.ts';

/** A server's trouble: connections are lost, it is away until other trouble comes, history is forgotten, requests meet faults. */
type Trouble =
  | { readonly kind: 'cut' | 'away' | 'compact' | 'restart' | 'wait' }
  | { readonly kind: 'faults'; readonly fault: ServerFault; readonly part: number; readonly seed: number };

let server: TestApiServer;
let undisturbed: TestApiServer;
let accesses: ClusterAccess[];
const fast = { perSecond: 10_000, burst: 10_000 };

beforeAll(async () => {
  server = await startApiServer({ bookmarkEveryMs: 50 });
  undisturbed = await startApiServer({ store: server.store });
  accesses = [accessTo(undisturbed.url), accessTo(server.url)];
});
afterAll(async () => {
  for (const access of accesses) access.close();
  await server.close();
  await undisturbed.close();
});

const fault: fc.Arbitrary<ServerFault> = fc.oneof(
  fc.record({ kind: fc.constant('status' as const), code: fc.constantFrom(409, 410, 429, 500, 503) }),
  fc.constantFrom<ServerFault>(
    { kind: 'reset' },
    { kind: 'cutWithinEvent' },
    { kind: 'halfOpen' },
    { kind: 'expire' },
    { kind: 'late', byMs: 20 },
  ),
);
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constantFrom<Trouble>({ kind: 'cut' }, { kind: 'away' }, { kind: 'away' }, { kind: 'compact' }, { kind: 'restart' }, { kind: 'wait' }),
  fc.record({ kind: fc.constant('faults' as const), fault, part: fc.constantFrom(0.3, 0.7, 1), seed: fc.nat(1e6) }),
);

function makeTrouble(one: Trouble): Promise<void> {
  if (one.kind === 'compact') server.store.compact();
  if (one.kind === 'faults') {
    const random = seededRandom(one.seed);
    server.setFaults(() => (random.next() < one.part ? one.fault : undefined));
  }
  if (one.kind === 'away') server.setFaults(() => ({ kind: 'reset' }));
  // A server that restarts has lost its connections and remembers no history.
  if (one.kind === 'restart') server.store.compact();
  if (one.kind === 'cut' || one.kind === 'away' || one.kind === 'restart') server.cut();
  return delay(one.kind === 'wait' ? 15 : 2);
}

test('after any edits and faults of the server the cache holds what the server holds, and every change follows from the last', async () => {
  const [direct, disturbed] = accesses.map((access) => createApi({ access, userAgent: 'test', rate: fast }));
  const world: FollowWorld<Trouble> = {
    direct: direct as NonNullable<typeof direct>,
    disturbed: disturbed as NonNullable<typeof disturbed>,
    namespace: 'test',
    trouble: makeTrouble,
    heal: () => server.setFaults(undefined),
  };
  const steps = fc.array(fc.oneof({ weight: 3, arbitrary: edits }, { weight: 2, arbitrary: fc.record({ trouble }) }), { maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(steps, (sequence) => followsThrough(world, sequence)),
    { numRuns: 60, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
  );
}, 120_000);
