import { conditionTypes } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import type { Workload } from '../workload.ts';
import { cellConditions, type Outcomes } from './cell-conditions.ts';
import type { CellInput } from './cell-input.ts';
import type { CellObserved } from './cell-observed.ts';
import { cellFinalizer, type Cell } from './cell.ts';
import { cellStatus } from './cell-status.ts';
import { makeMaster } from './master-secret.ts';
import { planCell } from './plan-cell.ts';
import type { Upgrade } from './plan-upgrade.ts';

const finalizers = [cellFinalizer];
const version: CellInput['version'] = {
  version: '0.1.0',
  images: {},
  charts: { 'driftbox-cell': { folder: '', digest: '' }, 'driftbox-backends': { folder: '', digest: '' } },
};
const spec = {
  version: '0.1.0',
  profile: 'tiny',
  template: false,
  pools: ['main'],
  expose: { service: { type: 'ClusterIP' } },
  deletionPolicy: 'Retain',
  postgres: { bundled: {} },
  kafka: { bundled: {} },
  redis: { bundled: {} },
} as unknown as CellInput['spec'];
const workload = (release: string, name: string, isReady = true): Workload => ({ release, name, isReady, serves: isReady });
const backends = ['postgres', 'kafka', 'redis'].map((part) => workload('eu-backends', `eu-backends-${part}`));

function observed(more: Partial<CellObserved> = {}, metadata: Partial<Cell['metadata']> = {}): CellObserved {
  const cell: Cell = {
    apiVersion: 'driftbox.io/v1alpha1',
    kind: 'Cell',
    metadata: { name: 'eu', uid: 'u', generation: 2, finalizers, ...metadata },
    spec: {},
  };
  const known = { cell, spec, faults: [], tenants: [], version, versions: ['0.1.0'], missing: undefined, master: makeMaster() };
  const namespace = { kind: 'ours', base: 'b' } as const;
  const input = {} as CellInput;
  const pool = { isReady: true, message: 'packs go to main' };
  const certificate = 'good' as const;
  return {
    ...known,
    upgrade: { kind: 'none' },
    certificate,
    inner: certificate,
    namespace,
    pool,
    backends: {},
    input,
    base: 'b',
    migration: 'succeeded',
    workloads: [],
    isDeep: false,
    epochMs: 0,
    ...more,
  };
}

test('a cell comes about step by step: Secrets, namespace, back ends, migration, services', () => {
  expect(planCell(observed({ master: undefined }, { finalizers: [] }))?.steps).toEqual(['protect', 'makeMasters']);
  expect(planCell(observed({ certificate: 'due' }))?.steps).toEqual(['certify']);
  expect(planCell(observed({ inner: 'due' }))?.steps).toEqual(['certifyParts']);
  const empty = observed({ namespace: { kind: 'absent' } });
  expect(planCell(empty)?.steps).toEqual(['claimVolumes', 'makeBase', 'releaseBackends', 'keepVolumes']);
  const migrating = { workloads: backends, migration: 'absent' } as const;
  expect(planCell(observed(migrating))?.steps).toEqual(['releaseBackends', 'keepVolumes', 'migrate']);
  expect(planCell(observed({ workloads: backends }))?.steps).toEqual(['releaseBackends', 'keepVolumes', 'releaseServices']);
  const done = planCell(observed({ workloads: [...backends, workload('eu', 'eu-gateway')] }));
  expect(done).toEqual({ steps: ['releaseBackends', 'keepVolumes', 'releaseServices'], phase: { kind: 'done' } });
});

test('a back end whose volumes are to be larger is not released before its StatefulSet has gone for that', () => {
  const sized = { ...spec, postgres: { bundled: { size: '20Gi' } }, kafka: { bundled: { size: '10Gi' } } } as CellObserved['spec'];
  const ofSize = (bytes: bigint, more: object = {}): Workload[] => [
    { ...workload('eu-backends', 'eu-backends-postgres'), volumes: { bytes, names: ['data'] }, ...more },
    { ...workload('eu-backends', 'eu-backends-kafka'), volumes: { bytes: 10n << 30n, names: ['data'] } },
  ];
  const planFor = (workloads: readonly Workload[]) => planCell(observed({ spec: sized, workloads }));
  const growing = {
    steps: ['growVolumes', 'keepVolumes'],
    phase: { kind: 'working', message: 'the volumes of its back ends are being made larger' },
  };
  expect(planFor(ofSize(8n << 30n))).toEqual(growing);
  expect(planFor(ofSize(20n << 30n, { isGoing: true }))).toEqual(growing);
  for (const bytes of [20n << 30n, 32n << 30n]) expect(planFor(ofSize(bytes))?.steps).toContain('releaseBackends');
});

test('services wait for a pool, and a migration for its back ends', () => {
  const pool = { isReady: false, message: 'waiting for the StoragePool main' };
  expect(planCell(observed({ workloads: backends, pool }))?.phase).toEqual({ kind: 'working', message: pool.message });
  const slow = [...backends.slice(1), workload('eu-backends', 'eu-backends-postgres', false)];
  expect(planCell(observed({ workloads: slow, migration: 'absent' }))).toEqual({
    steps: ['releaseBackends', 'keepVolumes'],
    phase: { kind: 'working', message: 'waiting for eu-backends-postgres' },
  });
});

test('what operators of others run is waited for like what is our own', () => {
  const delegating = { ...spec, postgres: { delegated: {} }, kafka: { delegated: {} }, version: '0.2.0' } as unknown as CellInput['spec'];
  const of = (isReady: boolean) => [
    ...backends.slice(2),
    ...['driftbox-postgres', 'driftbox-kafka'].map((name) => workload('eu-backends', name, isReady)),
  ];
  const seen = (isReady: boolean) => observed({ spec: delegating, versions: ['0.1.0', '0.2.0'], workloads: of(isReady) });
  expect(planCell(seen(false))?.phase).toEqual({ kind: 'working', message: 'waiting for driftbox-kafka, driftbox-postgres' });
  expect(planCell(seen(true))?.steps).toContain('releaseServices');
  for (const isReady of [false, true]) {
    const said = cellConditions({ observed: seen(isReady), phase: planCell(seen(isReady))!.phase, outcomes: {} });
    for (const concern of ['DatabaseReady', 'MessagingReady'])
      expect(said.find(({ type }) => type === concern)?.status).toBe(isReady ? 'True' : 'False');
  }
});

test('back ends of others that let nobody in are told of, nothing new is tried on what runs, and it goes on once they do', () => {
  const database = { reason: 'Untrusted', message: 'spec.postgres.external: no' };
  const messaging = { reason: 'Refused', message: 'spec.redis.external: neither' };
  const refusing = { backends: { database, messaging }, workloads: backends };
  const failing = { kind: 'failing', message: 'spec.postgres.external: no; spec.redis.external: neither' };
  const steps = ['releaseBackends', 'keepVolumes'];
  expect(planCell(observed({ ...refusing, base: 'other' }))).toEqual({ steps, phase: failing });
  expect(planCell(observed({ ...refusing, namespace: { kind: 'absent' } }))?.steps).toEqual(['claimVolumes', 'makeBase', ...steps]);
  const half = observed({ ...refusing, namespace: { kind: 'ours', base: undefined } });
  expect(planCell(half)?.steps).toEqual(['makeBase', ...steps]);
  expect(planCell(observed({ workloads: backends, base: 'other' }))?.steps).toEqual(['makeBase', ...steps, 'releaseServices']);
  const said = cellConditions({ observed: half, phase: planCell(half)!.phase, outcomes: {} });
  const short = said.map(({ type, status, reason }) => `${type}=${status}/${reason}`);
  for (const one of ['Ready=False/Failing', 'Reconciling=True/Retrying', 'DatabaseReady=False/Untrusted', 'MessagingReady=False/Refused'])
    expect(short).toContain(one);
});

test('an upgrade is written down before anything is touched for it, and until it is done', () => {
  const status = { observedGeneration: 1, version: '0.0.9' };
  const of = (upgrade: Upgrade, more: Partial<CellObserved> = {}): CellObserved => {
    const one = observed({ upgrade, versions: ['0.0.9', '0.1.0'], workloads: [...backends, workload('eu', 'eu-gateway')], ...more });
    return { ...one, cell: { ...one.cell, status } };
  };
  const begins = of({ kind: 'begins' });
  const plan = planCell(begins);
  expect(plan).toEqual({ steps: [], phase: { kind: 'working', message: 'its upgrade to 0.1.0 begins', begins: true } });
  expect(cellStatus({ observed: begins, phase: plan!.phase, outcomes: {} })).toMatchObject({ version: '0.0.9', upgrading: '0.1.0' });
  const missing = { reason: 'ReferenceMissing', message: 'there is no StoragePool main' };
  const stalled = of({ kind: 'begins' }, { missing });
  expect(cellStatus({ observed: stalled, phase: planCell(stalled)!.phase, outcomes: {} })).not.toHaveProperty('upgrading');
  const underWay = of({ kind: 'underWay' }, { missing });
  expect(cellStatus({ observed: underWay, phase: planCell(underWay)!.phase, outcomes: {} })).toMatchObject({ upgrading: '0.1.0' });
  const upgraded = of({ kind: 'underWay' }, { input: { version } as CellInput });
  const services = { state: 'inSync', action: { kind: 'none' }, digest: 'd', latest: undefined, drifted: [] } as const;
  const done = cellStatus({ observed: upgraded, phase: { kind: 'done' }, outcomes: { services } });
  expect(done).toMatchObject({ version: '0.1.0' });
  expect(done).not.toHaveProperty('upgrading');
});

test('while an upgrade waits, what runs is looked after, and what is awaited is said', () => {
  const upgrade = { kind: 'waits', reason: 'AwaitingWindow', message: 'until Saturday' } as const;
  const waiting = observed({ upgrade, workloads: [...backends, workload('eu', 'eu-gateway')] });
  const plan = planCell(waiting);
  expect(plan).toEqual({ steps: ['releaseBackends', 'keepVolumes', 'releaseServices'], phase: { kind: 'done' } });
  const said = cellConditions({ observed: waiting, phase: plan!.phase, outcomes: {} });
  for (const [type, reason] of [
    ['Ready', 'Waiting'],
    ['Released', 'AwaitingWindow'],
  ])
    expect(said).toContainEqual(expect.objectContaining({ type, status: 'False', reason, message: 'until Saturday' }));
});

test('what only somebody else can mend stops it before anything is touched', () => {
  expect(planCell(observed({ versions: ['0.2.0'] }))?.phase).toMatchObject({ kind: 'stalled', reason: 'VersionUnsupported' });
  expect(planCell(observed({ namespace: { kind: 'foreign' } }))).toMatchObject({ steps: [], phase: { reason: 'NamespaceTaken' } });
  const missing = { reason: 'ReferenceMissing', message: 'there is no StoragePool main' };
  expect(planCell(observed({ missing }))).toMatchObject({ steps: [], phase: missing });
});

test('one that is to go waits for its tenants, keeps its volumes, and goes when its namespace is gone', () => {
  const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  expect(planCell(observed({ tenants: ['acme'] }, going))).toMatchObject({ steps: [], phase: { kind: 'inUse', message: 'named by acme' } });
  expect(planCell(observed({}, going))?.steps).toEqual(['keepVolumes', 'deleteNamespace']);
  expect(planCell(observed({ namespace: { kind: 'absent' } }, going))?.steps).toEqual(['deleteCertificates', 'unprotect']);
  const erasing = { spec: { ...spec, deletionPolicy: 'Delete' } as CellInput['spec'] };
  expect(planCell(observed(erasing, going))?.steps).toEqual(['freeVolumes', 'deleteNamespace']);
  expect(planCell(observed({ ...erasing, namespace: { kind: 'absent' } }, going))?.steps).toEqual([
    'deleteMasters',
    'deleteCertificates',
    'unprotect',
  ]);
  expect(planCell(observed({}, { ...going, finalizers: [] }))).toBeUndefined();
});

test('what is changed by hand and paused is told for as long as it is so, and what was changed back stays told', () => {
  const release = { state: 'inSync', action: { kind: 'none' }, digest: '', latest: undefined, drifted: [] } as const;
  const saidAfter = (before: readonly string[], outcomes: Outcomes): string => {
    const [type = '', status = 'True', reason = ''] = before;
    const condition = { type, status: status as 'True', reason, message: '', lastTransitionTime: '' };
    const { cell } = observed();
    const one = observed({ cell: { ...cell, status: { observedGeneration: 1, conditions: before.length === 0 ? [] : [condition] } } });
    const found = cellConditions({ observed: one, phase: { kind: 'done' }, outcomes }).find((each) => each.type === 'Drifted');
    return `${found?.status}/${found?.reason}: ${found?.message}`;
  };
  const exempt = ['Drifted', 'True', 'Exempt'];
  const [looked, paused] = [
    { ...release, exempt: [] },
    { ...release, exempt: ['Deployment eu-share'] },
  ];
  expect(saidAfter([], { services: looked, base: paused })).toBe('True/Exempt: changed by hand, and paused: Deployment eu-share');
  expect(saidAfter(exempt, { services: release })).toMatch(/^True\/Exempt/);
  expect(saidAfter(exempt, { services: looked })).toMatch(/^False\/None/);
  expect(saidAfter(['Drifted', 'False', 'Corrected'], { services: looked })).toMatch(/^False\/Corrected/);
  const both = { services: { ...looked, drifted: ['Service eu-auth'] }, base: { drifted: ['NetworkPolicy x'], exempt: ['Secret y'] } };
  expect(saidAfter(exempt, both)).toBe('False/Corrected: changed by hand and changed back: NetworkPolicy x, Service eu-auth');
});

test('it says nothing that the catalogue of conditions does not list', () => {
  const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  const all = [observed(), observed({ versions: [] }), observed({}, going), observed({ tenants: ['a'] }, going)];
  for (const one of all) {
    const phase = planCell(one)?.phase ?? { kind: 'paused' };
    for (const { type, reason } of cellConditions({ observed: one, phase, outcomes: {} }))
      expect(conditionTypes[type]?.reasons).toHaveProperty(reason);
  }
});
