import type { Severity } from '../burn-rates.ts';
import { panelPath } from '../dashboards/panel-path.ts';
import { duration, type TimeScale } from '../time-scale.ts';
import type { AlertRule } from './rule.ts';
import { runbookUrl } from './runbook-url.ts';

/** What one alert is made of. Texts may use Prometheus' templates: `{{ $labels.journey }}`. */
export type Alert = {
  /** Also the name of its runbook. */
  readonly name: string;
  readonly severity: Severity;
  readonly forSeconds: number;
  /** What is wrong, in one line, as somebody who is woken wants to read it. */
  readonly summary: string;
  /** What it costs people, and what to think of first. */
  readonly description: string;
  readonly expr: (scale: TimeScale) => string;
};

/** The alert as Prometheus takes it. */
export function alertRule({ name, severity, forSeconds, summary, description, expr }: Alert, scale: TimeScale): AlertRule {
  return {
    alert: name,
    expr: expr(scale),
    for: duration(forSeconds, scale),
    labels: { severity },
    annotations: { summary, description, runbook_url: runbookUrl(name), dashboard_path: panelPath(name) },
  };
}
