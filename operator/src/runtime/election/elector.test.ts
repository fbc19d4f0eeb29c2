import { Registry } from 'prom-client';
import { manualClock, type ManualClock } from '@driftbox/testkit';
import { beforeEach, expect, test } from '@jest/globals';
import { openLeaseLink, type LeaseLink } from '../../testing/lease-link.ts';
import { ObjectStore } from '../../testing/object-store.ts';
import { turn } from '../../testing/turn.ts';
import { createElectionMetrics } from './election-metrics.ts';
import { Elector, type ElectorOptions } from './elector.ts';
import type { Lease } from './lease.ts';

let clock: ManualClock;
let store: ObjectStore;

beforeEach(() => {
  clock = manualClock();
  store = new ObjectStore();
});

type Candidate = { readonly elector: Elector; readonly link: LeaseLink; leads(): boolean };

function candidate(identity: string, options: Partial<ElectorOptions> = {}): Candidate {
  const link = openLeaseLink(store, clock);
  const common = { namespace: 'ns', name: 'lead', clock, wallMs: () => clock.now(), random: () => 0 };
  const elector = new Elector({ api: link.api, identity, ...common, ...options });
  elector.start();
  return { elector, link, leads: () => mayWrite(elector) };
}

function mayWrite(elector: Elector): boolean {
  try {
    return elector.guard() > 0;
  } catch {
    return false;
  }
}

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20) {
    clock.advance(Math.min(20, left));
    await turn();
  }
}

const record = (): Lease['spec'] => (store.get('lead') as Lease | undefined)?.spec;

test('the first to come leads and stays, others wait', async () => {
  const one = candidate('one');
  await pass(100);
  const two = candidate('two');
  await pass(60_000);
  expect([one.leads(), two.leads()]).toEqual([true, false]);
  expect(record()).toMatchObject({ holderIdentity: 'one', leaseTransitions: 0 });
  await Promise.all([one.elector.elected, pass(1)]);
});

test('a leader that steps back is followed within a look, and does not write any more', async () => {
  const one = candidate('one');
  await pass(100);
  const two = candidate('two');
  await pass(5_000);
  const stopped = one.elector.stop();
  await pass(3_000);
  await stopped;
  expect([one.leads(), two.leads()]).toEqual([false, true]);
  expect(record()).toMatchObject({ holderIdentity: 'two', leaseTransitions: 1 });
});

test('a leader that is gone is followed once its record has stood still for as long as it promised', async () => {
  const one = candidate('one');
  await pass(100);
  const two = candidate('two');
  await pass(2_000);
  one.link.state = 'down';
  await pass(11_000);
  expect([one.leads(), two.leads()]).toEqual([false, false]);
  await one.elector.lost;
  await pass(8_000);
  expect([one.leads(), two.leads()]).toEqual([false, true]);
  one.link.state = 'up';
  await pass(30_000);
  expect(one.leads()).toBe(false);
});

test('a leader whose answers are lost keeps the record and yet leads no longer than it can be sure', async () => {
  const one = candidate('one');
  await pass(100);
  one.link.state = 'deaf';
  await pass(11_000);
  expect(one.leads()).toBe(false);
  await one.elector.lost;
});

test('a short absence of the server costs nothing', async () => {
  const one = candidate('one');
  await pass(2_000);
  one.link.state = 'down';
  await pass(6_000);
  one.link.state = 'up';
  await pass(30_000);
  expect(one.leads()).toBe(true);
  expect(one.elector.failure).toBeUndefined();
});

test('a standby is well while the server is away; a leader that believes in an expired lease is not', async () => {
  const standby = candidate('one');
  standby.link.state = 'down';
  await pass(60_000);
  expect(standby.elector.failure).toBeUndefined();
  const stuck = candidate('two', { clock: { now: () => clock.now(), after: (ms, run) => (ms < 40 ? clock.after(ms, run) : () => {}) } });
  await pass(100);
  expect(stuck.leads()).toBe(true);
  await pass(16_000);
  expect(stuck.leads()).toBe(false);
  expect(stuck.elector.failure).toBe('the lease lead has expired and is still believed in');
});

test('who leads shows in the metric', async () => {
  const registry = new Registry();
  const one = candidate('one', { metrics: createElectionMetrics(registry) });
  expect(await registry.metrics()).toContain('leader_election_master_status{name="lead"} 0');
  await pass(100);
  expect(await registry.metrics()).toContain('leader_election_master_status{name="lead"} 1');
  one.link.state = 'down';
  await pass(20_000);
  expect(await registry.metrics()).toContain('leader_election_master_status{name="lead"} 0');
});

test('timing under which a lease would run out between two renewals is refused', () => {
  expect(() => candidate('one', { timing: { durationMs: 10_000, renewWithinMs: 10_000, retryMs: 2_000 } })).toThrow('impossible timing');
});
