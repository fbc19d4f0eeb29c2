import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freshness, journeys } from '../objectives.ts';
import { alerts, ruleGroups } from '../rules/rule-groups.ts';
import { symptomAlerts } from '../rules/symptom-alerts.ts';
import { trueTime } from '../time-scale.ts';
import { numberedPanels } from './dashboard.ts';
import { dashboards } from './dashboards.ts';
import { metricsOfFaults } from './metrics-of-faults.ts';
import { panelPath } from './panel-path.ts';
import { renderDashboard } from './render-dashboard.ts';

const panels = dashboards.flatMap((dashboard) => numberedPanels(dashboard).map(({ id, panel }) => ({ dashboard, id, panel })));
const documented = readFileSync(path.resolve(import.meta.dirname, '../../../docs/metrics.md'), 'utf8');

/** Every name that an expression reads a series by. */
function metricsOf(expr: string): string[] {
  return [...expr.matchAll(/\b((?:driftbox|http_server|controller_runtime|workqueue|rest_client|leader_election)[a-z0-9_:]*)/g)].map(
    ([, name = '']) => name.replace(/_(bucket|count|sum)$/, ''),
  );
}

/** What a link to Explore asks. */
function panesOf(url: string): { readonly driftbox: { readonly queries: readonly unknown[] } } {
  return JSON.parse(new URL(url, 'http://grafana').searchParams.get('panes') ?? '');
}

describe('dashboards', () => {
  test('ask for all that programs expose, and for nothing else but what rules record', () => {
    const exposed = [...documented.matchAll(/^\| `(\S+)` \|/gm)].map(([, name]) => name);
    const recorded = ruleGroups().flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));
    const known = new Set([...exposed, ...recorded, 'driftbox']);
    const asked = panels.flatMap(({ panel }) => panel.queries.flatMap(({ expr }) => metricsOf(expr)));
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
    expect(exposed.filter((name = '') => !asked.includes(name))).toEqual([]);
    expect(metricsOfFaults.filter((name) => !asked.includes(name))).toEqual([]);
  });

  test('show each alert on one panel, which the alert leads to and which leads to the runbook', () => {
    const shown = panels.flatMap(({ panel }) => panel.alerts ?? []);
    expect(shown.toSorted()).toEqual(alerts.map(({ name }) => name).toSorted());
    for (const { dashboard, id, panel } of panels) {
      const cell = dashboard.variables.length > 0 ? '&var-cell={{ $labels.namespace }}' : '';
      for (const name of panel.alerts ?? []) expect(panelPath(name)).toBe(`/d/${dashboard.uid}?viewPanel=${id}${cell}`);
    }
    expect(renderDashboard(dashboards[0]!)).toContain('/docs/runbooks/DriftBoxPartDown');
  });

  test('lead from each panel with an alert to the traces of that time that failed', () => {
    type Link = { readonly title: string; readonly url: string };
    type Json = { readonly templating: { readonly list: { readonly name: string }[] }; readonly panels: { readonly links?: Link[] }[] };
    for (const dashboard of dashboards) {
      const { templating, panels: rendered } = JSON.parse(renderDashboard(dashboard)) as Json;
      expect(templating.list.map(({ name }) => name)).toEqual(expect.arrayContaining(['traces', 'jaeger']));
      const withAlerts = rendered.filter(({ links = [] }) => links.some(({ title }) => title.startsWith('Runbook')));
      for (const { links = [] } of withAlerts) {
        const [tempo, jaeger] = links.map(({ url }) => url);
        expect(panesOf(tempo!)).toEqual({
          driftbox: {
            datasource: '${traces}',
            queries: [
              {
                refId: 'A',
                datasource: { type: 'tempo', uid: '${traces}' },
                queryType: 'traceql',
                query: '{ resource.service.namespace = "driftbox" && status = error }',
              },
            ],
            range: { from: '${__from}', to: '${__to}' },
          },
        });
        const source = { type: 'jaeger', uid: '${jaeger}' };
        expect(panesOf(jaeger!).driftbox.queries).toContainEqual({
          refId: 'B',
          datasource: source,
          queryType: 'search',
          service: 'metadata',
          tags: 'error=true',
        });
        // Not encoded: Grafana would not find them.
        for (const url of [tempo, jaeger]) expect(url).toContain('${__from}');
      }
    }
  });

  test('draw lines where the objectives have their targets, and where alerts begin to count', () => {
    const lined = panels.flatMap(({ panel }) => (panel.limit === undefined ? [] : [{ ...panel, limit: panel.limit }]));
    for (const { queries, limit, alerts: shown = [] } of lined) {
      const asksFor = (metric: string): boolean => queries.some(({ expr }) => expr.includes(metric));
      if (asksFor('driftbox:journey_failures:ratio_rate5m'))
        for (const { availability } of journeys) expect(limit.value).toBeCloseTo(1 - availability, 9);
      else if (asksFor(freshness.metric)) expect(limit.value).toBe(freshness.seconds);
      // Of what is counted the line is the first that is one too many, or the last that is enough.
      const ofCounts = new Map([
        ['1 above', '== 0'],
        ['1 below', '> 0'],
      ]);
      const bound = ofCounts.get(`${limit.value} ${limit.good}`) ?? `> ${limit.value}`;
      for (const { expr } of symptomAlerts.filter(({ name }) => shown.includes(name))) expect(expr(trueTime)).toContain(bound);
    }
    const unlined = symptomAlerts.filter(({ name }) => !lined.some(({ alerts: shown = [] }) => shown.includes(name)));
    expect(unlined.map(({ name }) => name)).toEqual(['DriftBoxBackupsFailing', 'DriftBoxSignInsRefused']);
  });

  test('narrow every question about cells by the cells that are chosen', () => {
    const open = panels.filter(
      ({ dashboard, panel }) => dashboard.variables.length > 0 && panel.queries.some(({ expr }) => !expr.includes('$cell')),
    );
    // The budgets are the same in every cell.
    expect(open.map(({ panel }) => panel.title)).toEqual(['Requests that are slow, by journey']);
  });

  test.each(dashboards)('$title has an address of its own, and panels that stand beside each other', (dashboard) => {
    expect(dashboards.filter(({ uid }) => uid === dashboard.uid)).toHaveLength(1);
    const json = JSON.parse(renderDashboard(dashboard)) as {
      panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    const taken = new Set<string>();
    for (const { gridPos } of json.panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) taken.add(`${x},${y}`);
      }
    }
    expect(taken.size).toBe(json.panels.reduce((sum, { gridPos }) => sum + gridPos.w * gridPos.h, 0));
    expect(new Set(json.panels.map(({ id }) => id)).size).toBe(json.panels.length);
  });
});
