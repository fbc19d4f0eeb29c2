import { conditionTypes } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import { planQuota, type QuotaObserved } from './plan-quota.ts';
import { quotaFinalizer, type Quota } from './quota.ts';

const epochMs = Date.UTC(2026, 0, 1);

function observed(metadata: Partial<Quota['metadata']>, more: Partial<QuotaObserved> = {}): QuotaObserved {
  const quota: Quota = {
    apiVersion: 'driftbox.io/v1alpha1',
    kind: 'Quota',
    metadata: { name: 'team', uid: 'u', generation: 3, ...metadata },
    spec: {},
    status: { observedGeneration: -1, conditions: [] },
  };
  return { quota, tenants: [], faults: [], epochMs, ...more };
}
const finalizers = [quotaFinalizer];
const deletionTimestamp = '2026-01-01T00:00:00Z';
const said = (plan: ReturnType<typeof planQuota>): string[] =>
  'status' in plan ? plan.status.conditions.map(({ type, status, reason }) => `${type}=${status}/${reason}`) : [];

test('a new one is protected and holds', () => {
  const plan = planQuota(observed({}, { tenants: ['b', 'a'] }));
  expect(plan).toMatchObject({ protection: 'add', status: { observedGeneration: 3, tenants: 2 } });
  expect(said(plan)).toEqual(['Ready=True/Succeeded']);
});

test('one whose spec breaks a rule is stalled, and says which', () => {
  const plan = planQuota(observed({ finalizers }, { faults: ['spec.files: too many', 'spec.x: there is no such field'] }));
  expect(said(plan)).toEqual(['Ready=False/Stalled', 'Stalled=True/InvalidSpec']);
  expect(plan).toMatchObject({
    protection: 'keep',
    status: { conditions: [{ message: 'spec.files: too many; spec.x: there is no such field', observedGeneration: 3 }, {}] },
  });
});

test('one that is to go waits for those who name it, and names them', () => {
  const tenants = Array.from({ length: 12 }, (_, number) => `t${String(number).padStart(2, '0')}`);
  const plan = planQuota(observed({ finalizers, deletionTimestamp }, { tenants: tenants.toReversed() }));
  expect(said(plan)).toEqual(['Ready=False/Waiting', 'Deleting=True/InUse']);
  expect(JSON.stringify(plan)).toContain('named by t00, t01, t02, t03, t04, t05, t06, t07, t08, t09 and 2 more');
});

test('one that is to go and that nobody names is released; one that is not ours to keep is left alone', () => {
  expect(planQuota(observed({ finalizers, deletionTimestamp }))).toEqual({ protection: 'remove' });
  expect(planQuota(observed({ finalizers: ['somebody.else/protection'], deletionTimestamp }))).toEqual({ protection: 'none' });
});

test('a paused one is only said to be paused', () => {
  const annotations = { 'driftbox.io/paused': 'true' };
  expect(planQuota(observed({ annotations }))).toMatchObject({ protection: 'keep' });
  const going = planQuota(observed({ annotations, finalizers, deletionTimestamp }));
  expect(going.protection).toBe('keep');
  expect(said(going)).toContain('Paused=True/Annotated');
});

test('the token of a forced pass is echoed', () => {
  expect(planQuota(observed({ annotations: { 'driftbox.io/requested-at': 'now-7' } }))).toMatchObject({ status: { requestedAt: 'now-7' } });
});

test('what was said is not said anew a day later', () => {
  const first = planQuota(observed({ finalizers }));
  if (first.protection !== 'keep') throw new Error('nothing was said');
  const { quota } = observed({ finalizers });
  const later = planQuota({ quota: { ...quota, status: first.status }, tenants: [], faults: [], epochMs: epochMs + 86_400_000 });
  expect(later).toEqual(first);
});

test('it says nothing that the catalogue of conditions does not list', () => {
  const going = { finalizers, deletionTimestamp, annotations: { 'driftbox.io/paused': 'true' } };
  const plans = [observed({}), observed({ finalizers }, { faults: ['x'] }), observed(going, { tenants: ['a'] })].map(planQuota);
  for (const plan of plans)
    for (const { type, reason } of 'status' in plan ? plan.status.conditions : [])
      expect(conditionTypes[type]?.reasons).toHaveProperty(reason);
});
