import { ruleFile } from './rules/rule-file.ts';

/** A committed file that is made from the objectives; `path` is relative to the root of the project. */
export type ObservabilityDocument = { readonly path: string; readonly build: () => string };

/** What Prometheus and Grafana are given. */
export const observabilityDocuments: readonly ObservabilityDocument[] = [
  { path: 'observability/prometheus/driftbox.rules.yaml', build: () => ruleFile() },
  // Helm reads only what lies in the chart.
  { path: 'charts/driftbox-operator/files/driftbox.rules.yaml', build: () => ruleFile() },
];
