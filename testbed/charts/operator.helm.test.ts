import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { alerts, dashboards, ruleFile } from '@driftbox/observability';
import { parse } from 'yaml';
import { projectFolder } from '../src/standalone-process.ts';
import type { ChartObject, RightsRule } from './chart-object.ts';
import { renderChart } from './render-chart.ts';
import { sampleOf, samples } from './samples.ts';

let rendered: Promise<ChartObject[]> | undefined;
const plain = (): Promise<ChartObject[]> => (rendered ??= renderChart({ ...sampleOf('driftbox-operator', 'plain'), release: 'driftbox' }));
const rulesOf = (objects: readonly ChartObject[], kind: string, name: string): readonly RightsRule[] =>
  objects.find((one) => one.kind === kind && one.metadata.name === name)?.rules ?? [];

/** The plural by which rights name a kind. */
function resourceOf({ kind }: ChartObject): string {
  const lower = kind.toLowerCase();
  return lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}${lower.endsWith('s') ? 'es' : 's'}`;
}

test('in the namespace of a cell it may do what its charts need, object by object', async () => {
  const rules = rulesOf(await plain(), 'ClusterRole', 'driftbox-cell');
  const charts = samples.filter(({ chart }) => chart !== 'driftbox-operator');
  const rendered = (await Promise.all(charts.map(renderChart))).flat();
  const missing = rendered.filter((object) => {
    const group = object.apiVersion.includes('/') ? (object.apiVersion.split('/')[0] ?? '') : '';
    const rule = rules.find((one) => one.apiGroups?.includes(group) && one.resources?.includes(resourceOf(object)));
    return !['get', 'list', 'create', 'patch', 'delete'].every((verb) => rule?.verbs.includes(verb));
  });
  expect(new Set(missing.map(({ kind }) => kind))).toEqual(new Set());
});

test('cluster-wide it reads no Secret, changes no right but in namespaces of cells, and binds one role', async () => {
  const objects = await plain();
  const rules = rulesOf(objects, 'ClusterRole', 'driftbox');
  const resources = rules.flatMap(({ resources: named = [] }) => named);
  for (const forbidden of ['secrets', 'pods', 'deployments', 'clusterrolebindings', 'roles', 'nodes'])
    expect(resources).not.toContain(forbidden);
  expect(rules.filter(({ verbs }) => verbs.includes('bind'))).toEqual([
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], resourceNames: ['driftbox-cell'], verbs: ['bind'] },
  ]);
  for (const verb of ['escalate', 'impersonate']) expect(rules.flatMap(({ verbs }) => verbs)).not.toContain(verb);
  expect(objects.some(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding')).toBe(true);
});

test('people get a role to see and a role to change, and only what is seen is shared out', async () => {
  const objects = await plain();
  const labels = (name: string) => objects.find((one) => one.metadata.name === name)?.metadata.labels ?? {};
  expect(labels('driftbox-view')['rbac.authorization.k8s.io/aggregate-to-view']).toBe('true');
  expect(Object.keys(labels('driftbox-edit')).filter((name) => name.includes('aggregate'))).toEqual([]);
});

test('the custom resource definitions come along, with the protection from deletion, and stay', async () => {
  const definitions = (await plain()).filter(({ kind }) => kind === 'CustomResourceDefinition');
  expect(definitions.map(({ metadata }) => metadata.name)).toEqual(
    ['cells', 'quotas', 'storagepools', 'tenantbackups', 'tenantbackupschedules', 'tenantrestores', 'tenants'].map(
      (name) => `${name}.driftbox.io`,
    ),
  );
  const protection = (await plain()).filter(({ metadata }) => metadata.name === 'deletion-protection.driftbox.io');
  expect(protection.map(({ kind }) => kind)).toEqual(['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']);
  for (const { metadata } of [...definitions, ...protection]) expect(metadata.annotations?.['helm.sh/resource-policy']).toBe('keep');
});

test('with figures come the rules for all cells, and every target says what part it is', async () => {
  const sample = sampleOf('driftbox-operator', 'plain');
  const monitoring = { serviceMonitors: true, prometheusRules: true, labels: { release: 'prometheus' } };
  const objects = await renderChart({ ...sample, values: { ...sample.values, monitoring }, release: 'driftbox' });
  const rules = objects.find(({ kind }) => kind === 'PrometheusRule');
  expect(rules?.metadata.labels).toMatchObject({ release: 'prometheus' });
  expect({ groups: (rules?.spec as unknown as { groups: unknown })?.groups }).toEqual(parse(ruleFile()));
  const monitor = objects.find(({ kind }) => kind === 'ServiceMonitor')?.spec as unknown as { endpoints: { relabelings: unknown[] }[] };
  expect(monitor.endpoints.flatMap(({ relabelings }) => relabelings)).toEqual([{ targetLabel: 'part', replacement: 'operator' }]);
  expect((await plain()).some(({ kind }) => kind === 'PrometheusRule')).toBe(false);
});

test('where it is known where Grafana is, alerts lead there', async () => {
  const sample = sampleOf('driftbox-operator', 'plain');
  const monitoring = { prometheusRules: true, grafanaUrl: 'https://example.com/grafana' };
  const [rules] = (await renderChart({ ...sample, values: { ...sample.values, monitoring } })).filter(
    ({ kind }) => kind === 'PrometheusRule',
  );
  type Spec = { readonly groups: readonly { readonly rules: readonly { readonly annotations?: Readonly<Record<string, string>> }[] }[] };
  const { groups } = rules!.spec as unknown as Spec;
  const annotations = groups.flatMap((group) => group.rules.map((rule) => rule.annotations)).filter((one) => one !== undefined);
  expect(annotations).toHaveLength(alerts.length);
  for (const { dashboard_path: where, dashboard_url: url } of annotations)
    expect([where, url]).toEqual([undefined, expect.stringMatching(/^https:\/\/example\.com\/grafana\/d\/driftbox-/)]);
});

test('dashboards come as ConfigMaps that a sidecar finds, byte for byte what is committed, and only where they are wanted', async () => {
  const sample = sampleOf('driftbox-operator', 'plain');
  const objects = await renderChart({ ...sample, values: { ...sample.values, monitoring: { dashboards: true } }, release: 'driftbox' });
  const maps = objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith('driftbox-dashboard-'));
  const texts = maps.flatMap((map) => Object.entries((map as unknown as { data: Record<string, string> }).data));
  expect(texts.map(([name]) => name).toSorted()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).toSorted());
  for (const [name, text] of texts) expect(text).toBe(await readFile(path.join(projectFolder, 'observability/grafana', name), 'utf8'));
  for (const { metadata } of maps) expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
  expect((await plain()).some(({ metadata }) => metadata.name.includes('dashboard'))).toBe(false);
});
