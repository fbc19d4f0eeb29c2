import { beforeAll, describe, expect, test } from '@jest/globals';
import { workloadsOf, type ChartObject } from './chart-object.ts';
import { lintChart, parseObjects, renderChart, renderText } from './render-chart.ts';
import { rules } from './rules.ts';
import { samples, sampleOf } from './samples.ts';

describe.each(samples.map((sample) => [`${sample.chart}: ${sample.name}`, sample] as const))('%s', (_, sample) => {
  test('passes helm lint, renders the same twice, and keeps every rule', async () => {
    expect(await lintChart(sample)).toContain('0 chart(s) failed');
    const text = await renderText(sample);
    expect(await renderText(sample)).toBe(text);
    const objects = parseObjects(text);
    expect(workloadsOf(objects).length).toBeGreaterThan(0);
    const rendered = { objects, secrets: new Set(sample.secrets) };
    expect(rules.flatMap((rule) => rule.check(rendered).map((wrong) => `${rule.name}: ${wrong}`))).toEqual([]);
  });
});

/** Each breaks what one rule is about. */
const breaks: Readonly<Record<string, (text: string) => string>> = {
  objects: (text) => text.replace('"metadata":{"name"', '"metadata":{"namespace":"kube-system","name"'),
  'images by digest': (text) => text.replaceAll(/@sha256:[0-9a-f]+/g, ':latest'),
  'pulled once': (text) => text.replaceAll('"image":', '"imagePullPolicy":"Always","image":'),
  'requests and limits': (text) => text.replaceAll('"requests"', '"asked"'),
  probes: (text) => text.replaceAll('"livenessProbe"', '"probe"'),
  'restricted containers': (text) => text.replaceAll('"readOnlyRootFilesystem":true', '"readOnlyRootFilesystem":false'),
  settings: (text) => text.replace('"name":"DRIFTBOX_LOG_LEVEL"', '"name":"DRIFTBOX_SERVICE_KEY"'),
  mounts: (text) => text.replaceAll('"mountPath":"/etc/gateway/input","readOnly":true', '"mountPath":"/etc/gateway/input"'),
  drain: (text) => text.replaceAll('"preStop"', '"postStart"'),
  'restricted pods': (text) => text.replaceAll('"runAsNonRoot":true', '"runAsNonRoot":false'),
  accounts: (text) => text.replaceAll('"automountServiceAccountToken":false', '"automountServiceAccountToken":true'),
  'no service links': (text) => text.replaceAll('"enableServiceLinks":false', '"enableServiceLinks":true'),
  spread: (text) => text.replaceAll('topology.kubernetes.io/zone', 'topology.kubernetes.io/rack'),
  volumes: (text) => text.replaceAll(/"sizeLimit":"\w+"/g, '"medium":"Memory"'),
  'steady pods': (text) =>
    text.replaceAll('"template":{"metadata":{"labels":{', '"template":{"metadata":{"labels":{"helm.sh/chart":"driftbox-cell-1",'),
  'own pods': (text) => text.replaceAll('"app.kubernetes.io/component":"sync"', '"app.kubernetes.io/component":"auth"'),
  services: (text) => text.replaceAll('"targetPort":"internal"', '"targetPort":"inside"'),
  budgets: (text) => text.replaceAll('"kind":"PodDisruptionBudget"', '"kind":"Budget"'),
  scaling: (text) => text.replaceAll('"revisionHistoryLimit":3', '"revisionHistoryLimit":3,"replicas":2'),
  monitors: (text) => text.replaceAll('"endpoints":[{"port":"internal"', '"endpoints":[{"port":"metrics"'),
  policies: (text) => text.replaceAll('"policyTypes":["Ingress","Egress"]', '"policyTypes":["Egress"]'),
  references: (text) => text.replaceAll('"secretName":"driftbox-keys"', '"secretName":"keys"'),
  bindings: (text) => text.replaceAll('"name":"operator"},"subjects"', '"name":"somebody"},"subjects"'),
  'no wildcards': (text) => text.replace('"verbs":["get"', '"verbs":["*"'),
};

describe('each rule', () => {
  let rendered: ChartObject[];
  let text: string;
  const secrets = new Set(sampleOf('driftbox-cell', 'large, scaling').secrets);
  beforeAll(async () => {
    const cell = sampleOf('driftbox-cell', 'large, scaling');
    const operator = sampleOf('driftbox-operator', 'plain');
    const values = { ...cell.values, monitoring: { serviceMonitors: true } };
    rendered = [...(await renderChart({ ...cell, values })), ...(await renderChart({ ...operator, release: 'operator' }))];
    text = JSON.stringify(rendered);
  });

  test.each(rules.map((rule) => [rule.name, rule] as const))('%s sees what breaks it', (name, rule) => {
    expect(rule.check({ objects: rendered, secrets })).toEqual([]);
    const broken = breaks[name]?.(text) ?? text;
    expect(broken).not.toBe(text);
    expect(rule.check({ objects: JSON.parse(broken) as ChartObject[], secrets })).not.toEqual([]);
  });
});
