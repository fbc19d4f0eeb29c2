import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { openKubeApi, testComponent, waitFor, type KubeAnswer, type KubeApi, type KubeObject } from '@driftbox/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { workloadsOf, type ChartObject, type Pod } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf, samples } from './samples.ts';

// What the charts render is sent to a real API server, which changes nothing: it knows every field of every kind in its own version, its
// defaults, bounds and admission, so nothing is left for a validator of schemas to find. Of kinds that others bring it knows nothing; those
// of CloudNativePG and Strimzi are tried by what their references say, in other groups, so that nobody takes these operators to be there.
const ofOthers = ['monitoring.coreos.com', 'gateway.networking.k8s.io', 'cert-manager.io'];
const delegated = { clusters: 'postgresql.cnpg.io', kafkas: 'kafka.strimzi.io', kafkanodepools: 'kafka.strimzi.io' };
const run = `t${randomUUID().slice(0, 8)}`;
const namespace = `charts-${randomUUID().slice(0, 8)}`;

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

let api: KubeApi;
const served = new Map<string, Promise<ReadonlyMap<string, { readonly name: string; readonly namespaced: boolean }>>>();
beforeAll(async () => {
  api = openKubeApi(testComponent('k8s'));
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const made = await api.send('POST', '/api/v1/namespaces', {
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
  });
  expect(made.status).toBe(201);
  for (const [plural, group] of Object.entries(delegated)) {
    const file = await readFile(path.join(import.meta.dirname, `${plural}.${group}.yaml`), 'utf8');
    const body = parse(file.replaceAll(group, `${run}.${group}`)) as KubeObject;
    expect((await api.send('POST', definitions, { body })).status).toBe(201);
    const isServed = async (): Promise<boolean> => (await api.send('GET', `/apis/${run}.${group}/v1/${plural}`)).status === 200;
    await waitFor(isServed, { deadlineMs: 20_000, what: `the kind of ${plural}` });
  }
});
afterAll(async () => {
  for (const [plural, group] of Object.entries(delegated)) await api.send('DELETE', `${definitions}/${plural}.${run}.${group}`);
  await api.send('DELETE', `/api/v1/namespaces/${namespace}`);
  api.close();
});

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Where the server has each kind of a group, as it says itself. */
function kindsOf(apiVersion: string) {
  const known = served.get(apiVersion) ?? discover(apiVersion);
  served.set(apiVersion, known);
  return known;
}

async function discover(apiVersion: string) {
  const { body } = await api.send('GET', groupPath(apiVersion));
  const resources = (body['resources'] ?? []) as readonly { name: string; kind: string; namespaced: boolean }[];
  return new Map(resources.filter(({ name }) => !name.includes('/')).map((one) => [one.kind, one]));
}

async function pathOf({ apiVersion, kind }: Pick<ChartObject, 'apiVersion' | 'kind'>): Promise<string> {
  const found = (await kindsOf(apiVersion)).get(kind);
  if (found === undefined) throw new Error(`the server knows no ${kind} of ${apiVersion}`);
  return `${groupPath(apiVersion)}${found.namespaced ? `/namespaces/${namespace}` : ''}/${found.name}`;
}

/** What the server would say to this object, every field of it being known. */
async function tryOut(object: ChartObject): Promise<KubeAnswer> {
  const isOurs = (await kindsOf(object.apiVersion)).get(object.kind)?.namespaced === true;
  const metadata = { ...object.metadata, ...(isOurs ? { namespace } : {}) };
  const path = `${await pathOf(object)}/${object.metadata.name}?dryRun=All&fieldValidation=Strict`;
  return api.apply(path, { ...object, metadata });
}

/** An object of others under the group by which its kind is known here. */
function asTried(object: ChartObject): ChartObject {
  const isOfOthers = Object.values(delegated).some((group) => object.apiVersion.startsWith(`${group}/`));
  return isOfOthers ? { ...object, apiVersion: `${run}.${object.apiVersion}` } : object;
}

/** As if its class of priority, which is the administrator's, were there. */
async function tryPod({ labels, pod }: ReturnType<typeof workloadsOf>[number]): Promise<KubeAnswer> {
  const volumes = pod.volumes ?? [];
  const names = new Set(volumes.map(({ name }) => name));
  // Volumes that a StatefulSet makes for each of its pods.
  const claimed = pod.containers
    .flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name))
    .filter((name) => !names.has(name));
  const spec = {
    ...pod,
    priorityClassName: undefined,
    volumes: [...volumes, ...[...new Set(claimed)].map((name) => ({ name, emptyDir: {} }))],
  };
  const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tried', namespace, labels }, spec };
  return api.send('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All&fieldValidation=Strict`, {
    body: body as unknown as KubeObject,
  });
}

function complaint({ status, body }: KubeAnswer): string[] {
  return status < 300 ? [] : [String(body['message'])];
}

describe.each(samples.map((sample) => [`${sample.chart}: ${sample.name}`, sample] as const))('%s', (_, sample) => {
  test('the API server takes every object, and every pod under the restricted standard', async () => {
    const objects = (await renderChart(sample)).map(asTried);
    const known = objects.filter(({ apiVersion }) => !ofOthers.includes(apiVersion.split('/')[0] ?? ''));
    const answers = await Promise.all(known.map(tryOut));
    expect(answers.flatMap(complaint)).toEqual([]);
    expect((await Promise.all(workloadsOf(objects).map(tryPod))).flatMap(complaint)).toEqual([]);
  });
});

test('a Cluster with a field that is none, or with a value that is none, is refused', async () => {
  const rendered = await renderChart(sampleOf('driftbox-backends', 'of other operators'));
  const cluster = rendered.map(asTried).find(({ kind }) => kind === 'Cluster');
  const changed = (spec: object): ChartObject => ({ ...cluster!, spec: { ...cluster!.spec, ...spec } });
  expect(complaint(await tryOut(changed({ superUserSecret: { name: 'x' } }))).join()).toContain('superUserSecret');
  expect(complaint(await tryOut(changed({ postgresql: { parameters: { max_connections: 300 } } }))).join()).toContain('max_connections');
});

test('what Strimzi makes of a node pool keeps to the restricted standard, and may write to its volumes', async () => {
  const rendered = await renderChart(sampleOf('driftbox-backends', 'of other operators'));
  const object = rendered.find(({ kind }) => kind === 'KafkaNodePool');
  type Template = { readonly pod: object; readonly kafkaContainer: { readonly securityContext: object } };
  const { pod, kafkaContainer } = object!.spec!.template as unknown as Template;
  // It gives its pods the group of its volumes only where nobody says anything of their context.
  expect(pod).not.toHaveProperty('securityContext');
  const containers = [{ name: 'kafka', image: 'strimzi/kafka', ...kafkaContainer }];
  const made = { ...pod, securityContext: { fsGroup: 0 }, containers } as unknown as Pod;
  expect(complaint(await tryPod({ object: object!, labels: {}, pod: made }))).toEqual([]);
});

test('a field that is none, and a pod that is not restricted, are refused', async () => {
  const [first] = (await renderChart(samples[0]!)).filter(({ kind }) => kind === 'Deployment');
  const [workload] = workloadsOf([first!]);
  const misspelt = { ...first!, spec: { ...first!.spec, replcas: 1 } } as ChartObject;
  expect(complaint(await tryOut(misspelt)).join()).toContain('replcas');
  const privileged = { ...workload!, pod: { ...workload!.pod, hostNetwork: true } };
  expect(complaint(await tryPod(privileged)).join()).toContain('violates PodSecurity "restricted');
});
