import { runbookUrl } from '../rules/runbook-url.ts';
import { numberedPanels, type Dashboard, type Panel, type Row, type Variable } from './dashboard.ts';
import { failedTracesUrl, traceKeepers } from './traces-url.ts';

const datasource = { type: 'prometheus', uid: '$datasource' };
const [width, height, perLine] = [8, 8, 3];

/** The dashboard as Grafana reads it: the same for the same description. */
export function renderDashboard(dashboard: Dashboard): string {
  const { uid, title, about, variables } = dashboard;
  const json = {
    uid,
    title,
    description: about,
    tags: ['driftbox'],
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    links: [{ title: 'DriftBox', type: 'dashboards', tags: ['driftbox'], asDropdown: true, keepTime: true, includeVars: true }],
    templating: { list: [sourceVariable, ...traceKeepers, ...variables.map(variable)] },
    annotations: { list: [alertsAsMarks] },
    panels: panelsOf(dashboard),
  };
  return `${JSON.stringify(json, undefined, 2)}\n`;
}

const sourceVariable = { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' };

const alertsAsMarks = {
  name: 'Alerts',
  enable: true,
  iconColor: 'red',
  datasource,
  expr: 'ALERTS{alertstate="firing",alertname=~"DriftBox.*"}',
  titleFormat: '{{alertname}}',
};

function variable({ name, label, metric, of }: Variable): object {
  const query = `label_values(${metric}, ${of})`;
  return {
    name,
    label,
    type: 'query',
    datasource,
    query,
    definition: query,
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    sort: 1,
  };
}

function panelsOf(dashboard: Dashboard): object[] {
  const ids = new Map(numberedPanels(dashboard).map(({ id, panel }) => [panel, id]));
  let y = 0;
  return dashboard.rows.flatMap((row, at) => {
    const top = y;
    y += 1 + Math.ceil(row.panels.length / perLine) * height;
    return [heading(row, (at + 1) * 100, top), ...row.panels.map((panel, place) => panelAt(panel, ids.get(panel) ?? 0, place, top + 1))];
  });
}

function heading({ title }: Row, id: number, y: number): object {
  return { id, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: width * perLine, h: 1 }, panels: [] };
}

function panelAt(panel: Panel, id: number, place: number, top: number): object {
  const { title, about, unit, queries, view = 'lines', alerts = [] } = panel;
  return {
    id,
    title,
    description: about,
    type: view === 'lines' ? 'timeseries' : 'stat',
    datasource,
    gridPos: { x: (place % perLine) * width, y: top + Math.floor(place / perLine) * height, w: width, h: height },
    fieldConfig: { defaults: { unit, ...limitOf(panel) }, overrides: [] },
    options: view === 'lines' ? { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } } : {},
    targets: queries.map(({ expr, legend }, at) => ({ refId: String.fromCharCode(65 + at), datasource, expr, legendFormat: legend })),
    links: linksOf(alerts),
  };
}

/** From a panel that shows alerts to the traces of that time that failed, and to what to do. */
function linksOf(alerts: readonly string[]): object[] {
  if (alerts.length === 0) return [];
  const runbooks = alerts.map((name) => ({ title: `Runbook: ${name}`, url: runbookUrl(name), targetBlank: true }));
  const traces = traceKeepers.map((keeper) => ({
    title: `${keeper.label}: with an error`,
    url: failedTracesUrl(keeper),
    targetBlank: true,
  }));
  return [...traces, ...runbooks];
}

function limitOf({ limit, view }: Panel): object {
  if (limit === undefined) return { custom: { fillOpacity: 10, showPoints: 'never' } };
  const [low, high] = limit.good === 'below' ? ['green', 'red'] : ['red', 'green'];
  const steps = [
    { color: low, value: null },
    { color: high, value: limit.value },
  ];
  const thresholds = { mode: 'absolute', steps };
  return view === 'number' ? { thresholds } : { thresholds, custom: { showPoints: 'never', thresholdsStyle: { mode: 'line' } } };
}
