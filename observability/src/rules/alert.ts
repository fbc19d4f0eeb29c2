import type { Severity } from '../burn-rates.ts';
import { duration, type TimeScale } from '../time-scale.ts';
import type { AlertRule } from './rule.ts';

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

/** Where the page of an alert is read. */
export function runbookUrl(name: string): string {
  return `https://driftbox.dev/docs/runbooks/${name}`;
}

/** The alert as Prometheus takes it. */
export function alertRule({ name, severity, forSeconds, summary, description, expr }: Alert, scale: TimeScale): AlertRule {
  return {
    alert: name,
    expr: expr(scale),
    for: duration(forSeconds, scale),
    labels: { severity },
    annotations: { summary, description, runbook_url: runbookUrl(name) },
  };
}
