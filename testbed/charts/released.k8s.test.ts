import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  openKubeApi,
  temporaryFolder,
  testComponent,
  waitFor,
  type KubeApi,
  type KubeObject,
  type TemporaryFolder,
} from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { projectVersion } from '../src/project-version.ts';
import { projectFolder } from '../src/standalone-process.ts';
import { chartFolder, releasedChart, type ChartName } from './render-chart.ts';

// What somebody has installed by the release before becomes what is here. How an operator does it with a cell is in
// testbed/platform/cell-life.k8s.s3.test.ts; this is by hand, with the values of then, and the definitions of resources.
const run = promisify(execFile);
const unique = randomUUID().slice(0, 8);
const namespace = `released-${unique}`;
/** In place of that of our kinds, which other tests use meanwhile. */
const group = `${unique}.example.com`;

let api: KubeApi;
let folder: TemporaryFolder;
beforeAll(async () => {
  api = openKubeApi(testComponent('k8s'));
  folder = await temporaryFolder();
  await apply(`/api/v1/namespaces/${namespace}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
});
afterAll(async () => {
  for (const { name } of await definitionsIn(crds)) await api.send('DELETE', definitionPath(name));
  await api.send('DELETE', `/api/v1/namespaces/${namespace}`);
  api.close();
  await folder[Symbol.asyncDispose]();
});

async function apply(at: string, body: KubeObject): Promise<void> {
  const answer = await api.apply(at, body);
  if (answer.status >= 300) throw new Error(`${at}: ${String(answer.body['message'])}`);
}

async function helm(...args: readonly string[]): Promise<string> {
  const homes = Object.fromEntries(['CACHE', 'CONFIG', 'DATA'].map((what) => [`HELM_${what}_HOME`, folder.path]));
  const env = { PATH: process.env['PATH'], KUBECONFIG: testComponent('k8s').kubeconfig, ...homes };
  return (await run(testComponent('helm').command, [...args, '--namespace', namespace], { env })).stdout;
}

test.each<ChartName>(['driftbox-cell', 'driftbox-backends'])(
  '%s goes from what was released to what is here, and back',
  async (chart) => {
    const before = await releasedChart(chart);
    const given = ['--values', path.join(before, 'ci/tiny-values.yaml'), '--set', 'profile=small'];
    await helm('install', chart, before, ...given);
    // What copies a standby, of which the chart of then knew nothing.
    const more = chart === 'driftbox-backends' ? ['--set', `images.services.digest=sha256:${'a'.repeat(64)}`] : [];
    await helm('upgrade', chart, chartFolder(chart), '--reset-values', ...given, ...more);
    await helm('rollback', chart, '1');
    const history = JSON.parse(await helm('history', chart, '--output', 'json')) as readonly {
      readonly chart: string;
      readonly status: string;
    }[];
    const [old, now] = [path.basename(path.dirname(before)), await projectVersion()];
    expect(history.map((one) => [one.chart, one.status])).toEqual([
      [`${chart}-${old}`, 'superseded'],
      [`${chart}-${now}`, 'superseded'],
      [`${chart}-${old}`, 'deployed'],
    ]);
  },
  60_000,
);

const crds = path.join(projectFolder, 'crds');
type Definition = KubeObject & {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: { readonly properties: Record<string, object> } } }[];
  };
};
type Sample = KubeObject & { readonly kind: string; readonly apiVersion: string; readonly metadata: { readonly name: string } };

async function objectsIn(at: string): Promise<readonly KubeObject[]> {
  const files = (await readdir(at)).filter((name) => name.endsWith('.yaml'));
  const texts = await Promise.all(files.map((name) => readFile(path.join(at, name), 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text.replaceAll('driftbox.io', group)).map((one) => one.toJS() as KubeObject));
}
async function definitionsIn(at: string) {
  const all = (await objectsIn(at)) as readonly Definition[];
  return all.filter(({ kind }) => kind === 'CustomResourceDefinition').map((one) => ({ definition: one, name: one.metadata.name }));
}
const definitionPath = (name: string): string => `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`;

test('definitions of what is here take the place of those released, and every resource of then is still one', async () => {
  const released = path.join(await releasedChart('driftbox-operator'), 'files/crds');
  const samples = (await objectsIn(path.join(released, 'samples'))) as readonly Sample[];
  expect(samples.length).toBeGreaterThan(8);
  const plurals = new Map<string, string>();
  for (const { definition, name } of await definitionsIn(released)) {
    plurals.set(definition.spec.names.kind, definition.spec.names.plural);
    await apply(definitionPath(name), definition);
  }
  const pathOf = ({ apiVersion, kind, metadata }: Sample): string => `/apis/${apiVersion}/${plurals.get(kind)}/${metadata.name}`;
  const isTaken = async (one: Sample): Promise<boolean> => (await api.apply(`${pathOf(one)}?fieldValidation=Strict`, one)).status < 300;
  for (const one of samples) await waitFor(() => isTaken(one), { deadlineMs: 20_000, what: `${one.kind} ${one.metadata.name}` });

  for (const { definition, name } of await definitionsIn(crds)) {
    // By a field that only the new one has it is seen when it is followed.
    for (const { schema } of definition.spec.versions) schema.openAPIV3Schema.properties['seen'] = { type: 'string' };
    await apply(definitionPath(name), definition);
    const [one] = samples.filter(({ kind }) => kind === definition.spec.names.kind);
    if (one !== undefined)
      await waitFor(() => isTaken({ ...one, seen: 'yes' }), { deadlineMs: 20_000, what: `the new definition ${name}` });
  }
  for (const one of samples) await apply(`${pathOf(one)}?fieldValidation=Strict`, one);
}, 60_000);
