import { cellVariable, numberedPanels } from './dashboard.ts';
import { dashboards } from './dashboards.ts';

/**
 * Where in Grafana an alert is looked into: the panel that names it, with the alert's own cell chosen, which Prometheus puts in. Throws
 * where none does.
 */
export function panelPath(alert: string): string {
  for (const dashboard of dashboards) {
    const found = numberedPanels(dashboard).find(({ panel }) => panel.alerts?.includes(alert));
    if (found === undefined) continue;
    const chosen = dashboard.variables.includes(cellVariable) ? `&var-${cellVariable.name}={{ $labels.${cellVariable.of} }}` : '';
    return `/d/${dashboard.uid}?viewPanel=${found.id}${chosen}`;
  }
  throw new Error(`no panel shows ${alert}`);
}
