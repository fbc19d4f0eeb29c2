import { dashboards, metricsOfFaults } from '@driftbox/observability';
import type { PrometheusServer } from './start-prometheus.ts';

/** A question that a dashboard asks, and where. */
export type Asked = { readonly panel: string; readonly expr: string };

/** What an operator alone exposes is asked about in these; an operator belongs to a cluster. */
const ofOperator = ['driftbox-operator', 'driftbox-backup'];

/** What the dashboards of a cell ask, but for what exists only after a fault, and for metrics that begin as one of `absent`. */
export function demandedPanels(absent: readonly string[] = []): readonly Asked[] {
  return asked((uid) => !ofOperator.includes(uid), absent);
}

/** What the dashboards of the operator and of backups ask, but for what exists only after a fault. */
export function operatorPanels(): readonly Asked[] {
  return asked((uid) => ofOperator.includes(uid), []);
}

function asked(isMeant: (uid: string) => boolean, absent: readonly string[]): readonly Asked[] {
  return dashboards
    .filter(({ uid }) => isMeant(uid))
    .flatMap(({ uid, rows }) => rows.flatMap(({ panels }) => panels.map((panel) => ({ uid, panel }))))
    .flatMap(({ uid, panel }) => panel.queries.map(({ expr }) => ({ panel: `${uid}: ${panel.title}`, expr })))
    .filter(({ expr }) => ![...metricsOfFaults, ...absent].some((name) => expr.includes(name)));
}

/** Those of the questions to which a Prometheus has no data now, whatever cell and tenant are chosen. */
export async function emptyPanels(prometheus: PrometheusServer, asked: readonly Asked[]): Promise<readonly Asked[]> {
  const answers = await Promise.all(
    asked.map(({ expr }) => prometheus.ask(expr.replaceAll(/\$(cell|tenant)\b/g, '.*').replaceAll('$__rate_interval', '1m'))),
  );
  return asked.filter((_, index) => answers[index]?.length === 0);
}
