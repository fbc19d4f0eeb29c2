import { dashboards } from './dashboards/dashboards.ts';
import { renderDashboard } from './dashboards/render-dashboard.ts';
import { ruleFile } from './rules/rule-file.ts';

/** A committed file that is made from the objectives; `path` is relative to the root of the project. */
export type ObservabilityDocument = { readonly path: string; readonly build: () => string };

/** What Prometheus and Grafana are given. */
export const observabilityDocuments: readonly ObservabilityDocument[] = [
  { path: 'observability/prometheus/driftbox.rules.yaml', build: () => ruleFile() },
  // Helm reads only what lies in the chart.
  { path: 'charts/driftbox-operator/files/driftbox.rules.yaml', build: () => ruleFile() },
  ...dashboards.flatMap((dashboard) =>
    ['observability/grafana', 'charts/driftbox-operator/files/dashboards'].map((folder) => ({
      path: `${folder}/${dashboard.uid}.json`,
      build: () => renderDashboard(dashboard),
    })),
  ),
];
