import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newUuid, openKubeApi, testComponent, waitFor } from '@driftbox/testkit';
import { kinds } from './kinds.ts';
import { installKinds } from './testing/install-kinds.ts';

const cluster = testComponent('k8s');
const api = openKubeApi(cluster);
const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');
const suffix = newUuid().slice(0, 8);
const name = `acme-${suffix}`;
const tenants = '/apis/driftbox.io/v1alpha1/tenants';

/** What kubectl prints. Throws with its complaint. */
async function kubectl(...args: string[]): Promise<string> {
  return (await run(cluster.kubectl, [`--kubeconfig=${cluster.kubeconfig}`, ...args], { cwd: root })).stdout;
}

beforeAll(async () => {
  await installKinds(api);
  const body = { apiVersion: 'driftbox.io/v1alpha1', kind: 'Tenant', metadata: { name }, spec: { hosts: [`${name}.example.com`] } };
  expect((await api.send('POST', tenants, { body })).status).toBe(201);
}, 60_000);
afterAll(async () => {
  await api.send('DELETE', `${tenants}/${name}`);
  api.close();
});

/** Writes the status as the operator would, about the generation that is stored now. */
async function setReady(status: 'True' | 'False'): Promise<void> {
  const { metadata } = (await api.send('GET', `${tenants}/${name}`)).body as { metadata: { generation: number } };
  const observedGeneration = metadata.generation;
  const ready = {
    type: 'Ready',
    status,
    reason: 'Reachable',
    message: 'all is well',
    lastTransitionTime: new Date().toISOString(),
    observedGeneration,
  };
  const body = {
    status: { observedGeneration, conditions: [ready], cell: 'eu', usage: { storage: '12Gi' }, limits: { storage: '500Gi' } },
  };
  const sent = await api.send('PATCH', `${tenants}/${name}/status`, { body, contentType: 'application/merge-patch+json' });
  expect(sent.status).toBe(200);
}

test('what nobody has looked at is not up to date', async () => {
  const { body } = await api.send('GET', `${tenants}/${name}`);
  expect(body).toMatchObject({ status: { observedGeneration: -1 }, spec: { isolation: { shared: {} }, deletionPolicy: 'Retain' } });
});

test('the manifests and the samples are taken as they are, together', async () => {
  expect(await kubectl('apply', '--dry-run=server', '-f', 'crds')).toContain('tenants.driftbox.io');
  const applied = await kubectl('apply', '--dry-run=server', '-f', 'crds/samples');
  expect(applied.trim().split('\n')).toHaveLength(18);
  expect(applied).toContain('tenant.driftbox.io/acme created (server dry run)');
});

test('a tenant is shown with what an administrator asks first', async () => {
  await setReady('True');
  const [head = '', row = ''] = (await kubectl('get', 'dbt', name)).split('\n');
  expect(head.split(/\s{2,}/)).toEqual(
    ['NAME', 'READY', 'HOST', 'CELL', 'USED', 'QUOTA', 'AGE'].map((word) => expect.stringContaining(word)),
  );
  expect(row).toMatch(new RegExp(`^${name} +True +${name}\\.example\\.com +eu +12Gi +500Gi +\\d+m?s`));
  expect(await kubectl('get', 'tenants.driftbox.io', name, '-o', 'wide')).toContain('all is well');
});

test('waiting for Ready is honest after an edit', async () => {
  await setReady('True');
  const wait = () => kubectl('wait', '--for=condition=Ready', '--timeout=1s', `tenant/${name}`);
  expect(await wait()).toContain('condition met');
  await kubectl('patch', `tenant/${name}`, '--type=merge', '--patch={"spec":{"suspended":true}}');
  await expect(wait()).rejects.toThrow('timed out waiting for the condition');
  await setReady('True');
  expect(await wait()).toContain('condition met');
});

test('kubectl get quota is still about ResourceQuotas', async () => {
  const answer = await run(cluster.kubectl, [`--kubeconfig=${cluster.kubeconfig}`, 'get', 'quota', '--output=name', '--v=6']);
  expect(answer.stderr).toContain('/resourcequotas');
  expect(answer.stderr).not.toContain('driftbox.io/v1alpha1/quotas');
});

test.each(kinds.map((kind) => [kind.kind, kind] as const))('kubectl explains a %s', async (_, { plural, about }) => {
  const explain = (path: string) => kubectl('explain', path, '--api-version=driftbox.io/v1alpha1');
  expect((await explain(plural)).replace(/\s+/g, ' ')).toContain(about);
  const spec = await explain(`${plural}.spec`);
  expect(spec).toContain('FIELDS:');
  expect(spec).not.toContain('<no description>');
});

test('what is protected is not deleted, by one or by all', async () => {
  const protect = (deletionProtection: boolean) =>
    api.send('PATCH', `${tenants}/${name}`, { body: { spec: { deletionProtection } }, contentType: 'application/merge-patch+json' });
  await protect(true);
  const refused = { status: 403, body: { message: expect.stringContaining('spec.deletionProtection is true: set it to false first') } };
  // A policy takes a moment to be known to the server.
  await waitFor(async () => (await api.send('DELETE', `${tenants}/${name}?dryRun=All`)).status === 403, {
    deadlineMs: 20_000,
    what: 'the policy',
  });
  expect(await api.send('DELETE', `${tenants}/${name}`)).toMatchObject(refused);
  expect(await api.send('DELETE', `${tenants}?fieldSelector=metadata.name=${name}`)).toMatchObject(refused);
  await protect(false);
  expect((await api.send('DELETE', `${tenants}/${name}?dryRun=All`)).status).toBe(200);
});
