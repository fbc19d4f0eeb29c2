import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder, testComponent } from '@driftbox/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type KubeObject } from '../runtime/index.ts';
import { openRealWorld, type RealWorld } from '../testing/real-cluster.ts';
import { createHelm } from './helm.ts';
import { ReleaseEngine, type ReleaseAsk, type ReleaseOutcome } from './release-engine.ts';
import type { SecretObject } from '../secret.ts';

type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };

const template = `
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}-words }
data: { word: {{ .Values.word | quote }}, other: fixed }
---
apiVersion: v1
kind: Service
metadata: { name: {{ .Release.Name }} }
spec: { ports: [{ port: {{ .Values.port | default 80 }} }] }
{{- if .Values.greedy }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: {{ .Release.Name }} }
{{- end }}
`;

let world: RealWorld;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let engine: ReleaseEngine;

beforeAll(async () => {
  world = await openRealWorld();
  folder = await temporaryFolder();
  await mkdir(path.join(folder.path, 'templates'));
  await writeFile(path.join(folder.path, 'Chart.yaml'), 'apiVersion: v2\nname: words\nversion: 1.0.0\n');
  await writeFile(path.join(folder.path, 'templates/words.yaml'), template);
  engine = engineAt(() => Date.now());
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function engineAt(wallMs: () => number): ReleaseEngine {
  const { kubeconfig } = testComponent('k8s');
  const helm = createHelm({ command: testComponent('helm').command, kubeconfig, guard: () => 15_000 });
  return new ReleaseEngine({ api: world.api, helm, wallMs });
}

function reconcile(name: string, values: object, ask: Partial<ReleaseAsk> = {}, by = engine): Promise<ReleaseOutcome> {
  const release = { name, namespace: world.namespace, chart: folder.path, chartDigest: 'one', values };
  return by.reconcile(release, {
    isRetryAsked: false,
    looksForDrift: true,
    isUnwell: () => false,
    signal: new AbortController().signal,
    ...ask,
  });
}
const wordOf = async (name: string): Promise<string | undefined> => {
  const at = { namespace: world.namespace, name: `${name}-words` };
  const answer = await world.api.get<ConfigMap>(kubeKinds.configMap, at);
  return answer.kind === 'ok' ? answer.value.data?.['word'] : undefined;
};
const recordOf = async (name: string, revision: number): Promise<SecretObject> => {
  const at = { namespace: world.namespace, name: `sh.helm.release.v1.${name}.v${revision}` };
  return expectOk(await world.api.get<SecretObject>(kubeKinds.secret, at), 'reading a record');
};

test('a release is installed, upgraded when its values change, and left alone otherwise', async () => {
  expect(await reconcile('plain', { word: 'one' })).toMatchObject({ state: 'absent' });
  expect(await wordOf('plain')).toBe('one');
  expect(await reconcile('plain', { word: 'one' })).toMatchObject({ state: 'inSync', latest: { revision: 1, status: 'deployed' } });
  expect(await reconcile('plain', { word: 'two' })).toMatchObject({ state: 'outOfSync' });
  expect(await wordOf('plain')).toBe('two');
  expect(await reconcile('plain', { word: 'two' })).toMatchObject({ state: 'inSync', latest: { revision: 2 } });
}, 60_000);

test('what an upgrade would change is told field by field, and not done', async () => {
  const release = (values: object) => ({ name: 'seen', namespace: world.namespace, chart: folder.path, chartDigest: 'one', values });
  const preview = (values: object) => engine.preview(release(values), new AbortController().signal);
  expect(await preview({ word: 'one' })).toEqual(['make ConfigMap seen-words', 'make Service seen']);
  await reconcile('seen', { word: 'one' });
  expect(await preview({ word: 'one' })).toEqual([]);
  expect(await preview({ word: 'two', port: 81 })).toEqual([
    'change ConfigMap seen-words: data.word "one" -> "two"',
    'change Service seen: spec.ports[0].port 80 -> 81',
  ]);
  expect(await wordOf('seen')).toBe('one');
  await expect(preview({ word: 'one', greedy: true })).rejects.toThrow('ClusterRole');
});

test('what somebody changed or removed by hand comes back, without a new revision; what is paused is left', async () => {
  await reconcile('drift', { word: 'kept' });
  const at = { namespace: world.namespace, name: 'drift-words' };
  const change = (metadata: object) =>
    world.api.apply(
      kubeKinds.configMap,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...at, ...metadata }, data: { word: 'changed', more: 'own' } } as KubeObject,
      { manager: 'somebody' },
    );
  expectOk(await change({}), 'changing');
  expectOk(await world.api.delete(kubeKinds.service, { namespace: world.namespace, name: 'drift' }), 'removing');
  expect(await reconcile('drift', { word: 'kept' })).toMatchObject({
    state: 'drifted',
    drifted: ['ConfigMap drift-words', 'Service drift'],
    exempt: [],
  });
  expect(await wordOf('drift')).toBe('kept');
  expect(await reconcile('drift', { word: 'kept' })).toMatchObject({ state: 'inSync', latest: { revision: 1 } });
  expectOk(await change({ annotations: { 'driftbox.io/paused': 'true' } }), 'changing');
  expect(await reconcile('drift', { word: 'kept' })).toMatchObject({ state: 'inSync', drifted: [], exempt: ['ConfigMap drift-words'] });
  expect(await wordOf('drift')).toBe('changed');
}, 60_000);

test('an upgrade that the API server refuses is tried three times, then what ran before comes back', async () => {
  await reconcile('broken', { word: 'good' });
  const bad = { word: 'bad', port: 99_999_999 };
  for (let attempt = 1; attempt <= 3; attempt += 1) await expect(reconcile('broken', bad)).rejects.toThrow('99999999');
  expect(await reconcile('broken', bad)).toMatchObject({ state: 'failed', action: { kind: 'rollback', from: 4, to: 1 } });
  expect(await wordOf('broken')).toBe('good');
  expect(await reconcile('broken', bad)).toMatchObject({ state: 'rolledBack', action: { kind: 'none' } });
  await expect(reconcile('broken', bad, { isRetryAsked: true })).rejects.toThrow('99999999');
  expect(await reconcile('broken', { word: 'better' })).toMatchObject({ action: { kind: 'upgrade' } });
  expect(await wordOf('broken')).toBe('better');
}, 120_000);

test('a release that does not become healthy goes back to the one before', async () => {
  await reconcile('sick', { word: 'well' });
  await reconcile('sick', { word: 'ill' });
  expect(await reconcile('sick', { word: 'ill' }, { isUnwell: () => true })).toMatchObject({ action: { kind: 'rollback', to: 1 } });
  expect(await wordOf('sick')).toBe('well');
  expect(await reconcile('sick', { word: 'ill' })).toMatchObject({ state: 'rolledBack' });
}, 60_000);

test('a lock whose holder is gone is opened once it is old, and work goes on', async () => {
  await reconcile('locked', { word: 'one' });
  const record = await recordOf('locked', 1);
  const labels = { ...record.metadata.labels, status: 'pending-install' };
  expectOk(await world.api.replace(kubeKinds.secret, { ...record, metadata: { ...record.metadata, labels } }), 'locking');
  expect(await reconcile('locked', { word: 'two' })).toMatchObject({ state: 'locked', action: { kind: 'wait' } });
  const later = engineAt(() => Date.now() + 60_000);
  expect(await reconcile('locked', { word: 'two' }, {}, later)).toMatchObject({ state: 'locked', action: { kind: 'unlock' } });
  expect(await reconcile('locked', { word: 'two' }, {}, later)).toMatchObject({ state: 'failed', action: { kind: 'upgrade' } });
  expect(await wordOf('locked')).toBe('two');
}, 60_000);

test('a chart that would make something of the whole cluster is refused before anything is made', async () => {
  await expect(reconcile('greedy', { word: 'x', greedy: true })).rejects.toThrow('rbac.authorization.k8s.io/v1 ClusterRole greedy');
  expect(await wordOf('greedy')).toBeUndefined();
}, 60_000);
