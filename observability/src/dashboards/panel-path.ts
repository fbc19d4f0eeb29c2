import { numberedPanels } from './dashboard.ts';
import { dashboards } from './dashboards.ts';

/** Where in Grafana an alert is looked into: the panel that names it. Throws where none does. */
export function panelPath(alert: string): string {
  for (const dashboard of dashboards) {
    const found = numberedPanels(dashboard).find(({ panel }) => panel.alerts?.includes(alert));
    if (found !== undefined) return `/d/${dashboard.uid}?viewPanel=${found.id}`;
  }
  throw new Error(`no panel shows ${alert}`);
}
