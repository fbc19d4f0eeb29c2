import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createLogger } from '@driftbox/service-kit';
import { waitFor } from '@driftbox/testkit';
import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { createOperator, type Operator } from './app.ts';
import { quotaResource, type Quota } from './quota/quota.ts';
import { tenantResource } from './tenant/tenant.ts';
import { expectOk, type KubeObject, type ResourceKind } from './runtime/index.ts';
import { definitionKind } from './testing/definition-kind.ts';
import { openRealWorld, realAccess, type RealWorld } from './testing/real-cluster.ts';

const crds = path.resolve(import.meta.dirname, '../../crds');

let world: RealWorld;
let registry: Registry;
let operator: Operator;

beforeAll(async () => {
  world = await openRealWorld();
  for (const file of (await readdir(crds)).filter((name) => name.endsWith('.yaml'))) {
    for (const document of parseAllDocuments(await readFile(path.join(crds, file), 'utf8'))) {
      const manifest = document.toJS() as KubeObject;
      if (manifest.kind !== definitionKind.kind) continue;
      expectOk(await world.api.apply(definitionKind, manifest, { manager: 'driftbox-test' }), `installing ${file}`);
    }
  }
  for (const kind of [quotaResource, tenantResource])
    await waitFor(async () => (await world.api.list(kind, {})).kind === 'ok', { deadlineMs: 20_000, what: kind.kind });
}, 60_000);
afterAll(async () => world[Symbol.asyncDispose]());

beforeEach(() => {
  registry = new Registry();
  operator = begin(registry);
});
afterEach(() => operator.stop());

function begin(into: Registry): Operator {
  const made = createOperator({
    access: realAccess(),
    electionAccess: realAccess(),
    namespace: world.namespace,
    name: 'test',
    workers: 2,
    rate: { perSecond: 200, burst: 200 },
    log: createLogger({ service: 'operator', level: 'silent' }),
    registry: into,
    // Tests of other files have theirs in the same cluster.
    only: `test=${world.namespace}`,
    leaseTiming: { durationMs: 3_000, renewWithinMs: 2_000, retryMs: 200 },
  });
  void made.start();
  return made;
}

const named = (): string => `t${randomUUID().slice(0, 8)}`;

async function makeQuota(spec: object = { storage: '1Gi' }): Promise<string> {
  const name = named();
  expectOk(await world.api.create(quotaResource, { ...header(quotaResource, name), spec } as KubeObject), 'making a Quota');
  return name;
}

async function makeTenant(quota: string): Promise<string> {
  const name = named();
  const spec = { hosts: [`${name}.example.com`], shared: {}, pool: 'pool', quota };
  expectOk(await world.api.create(tenantResource, { ...header(tenantResource, name), spec } as KubeObject), 'making a Tenant');
  return name;
}

function header({ group, version, kind }: ResourceKind, name: string): KubeObject {
  return { apiVersion: `${group}/${version}`, kind, metadata: { name, labels: { test: world.namespace } } };
}

const quotaOf = async (name: string): Promise<Quota | undefined> => {
  const answer = await world.api.get<Quota>(quotaResource, { name });
  return answer.kind === 'ok' ? answer.value : undefined;
};
const saidOf = async (name: string): Promise<string[]> =>
  (await quotaOf(name))?.status?.conditions.map(({ type, status, reason }) => `${type}=${status}/${reason}`) ?? [];
const patience = { deadlineMs: 20_000 };

test('a quota is protected, holds, and counts its tenants', async () => {
  const name = await makeQuota();
  await waitFor(async () => (await saidOf(name)).includes('Ready=True/Succeeded'), patience);
  const tenant = await makeTenant(name);
  await waitFor(async () => (await quotaOf(name))?.status?.tenants === 1, patience);
  expect(await quotaOf(name)).toMatchObject({
    metadata: { finalizers: ['driftbox.io/quota-protection'] },
    status: { observedGeneration: 1, conditions: [{ observedGeneration: 1 }] },
  });
  await world.api.delete(tenantResource, { name: tenant });
  await waitFor(async () => (await quotaOf(name))?.status?.tenants === 0, patience);
  await world.api.delete(quotaResource, { name });
  await waitFor(async () => (await quotaOf(name)) === undefined, patience);
}, 60_000);

test('a quota that is deleted while a tenant names it says so, and goes when the tenant does', async () => {
  const name = await makeQuota();
  const tenant = await makeTenant(name);
  await waitFor(async () => (await quotaOf(name))?.status?.tenants === 1, patience);
  await world.api.delete(quotaResource, { name });
  await waitFor(async () => (await saidOf(name)).includes('Deleting=True/InUse'), patience);
  expect(JSON.stringify(await quotaOf(name))).toContain(`named by ${tenant}`);
  await world.api.delete(tenantResource, { name: tenant });
  await waitFor(async () => (await quotaOf(name)) === undefined, patience);
}, 60_000);

test('a pass that finds everything as it should be writes nothing', async () => {
  const name = await makeQuota();
  await waitFor(async () => (await saidOf(name)).includes('Ready=True/Succeeded'), patience);
  const passesBefore = await passes();
  const touched = {
    ...header(quotaResource, name),
    metadata: { name, labels: { test: world.namespace }, annotations: { a: 'b' } },
  } as KubeObject;
  const { resourceVersion } = expectOk(await world.api.apply(quotaResource, touched, { manager: 'somebody' }), 'touching').metadata;
  await waitFor(async () => (await passes()) > passesBefore, patience);
  expect((await quotaOf(name))?.metadata.resourceVersion).toBe(resourceVersion);
  await world.api.delete(quotaResource, { name });
  await waitFor(async () => (await quotaOf(name)) === undefined, patience);
}, 60_000);

test('a second operator stands by, ready, and takes over when the first stops', async () => {
  await waitFor(async () => (await leads(registry)) === 1, patience);
  const otherRegistry = new Registry();
  const other = begin(otherRegistry);
  await waitFor(() => other.ready().isWell, patience);
  expect([await leads(registry), await leads(otherRegistry)]).toEqual([1, 0]);
  await operator.stop();
  await waitFor(async () => (await leads(otherRegistry)) === 1, patience);
  expect(other.alive()).toEqual({ isWell: true, text: 'ok' });
  operator = other;
}, 60_000);

async function sumOf(of: Registry, name: string): Promise<number> {
  const metric = (await of.getMetricsAsJSON()).find((one) => one.name === name);
  return ((metric?.values ?? []) as readonly { value: number }[]).reduce((sum, { value }) => sum + value, 0);
}

function passes(): Promise<number> {
  return sumOf(registry, 'controller_runtime_reconcile_total');
}

function leads(of: Registry): Promise<number> {
  return sumOf(of, 'leader_election_master_status');
}
