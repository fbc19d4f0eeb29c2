import type { Severity } from '../burn-rates.ts';

/** A rule that writes its expression's answer down under a name of its own. */
export type RecordingRule = { readonly record: string; readonly labels?: Readonly<Record<string, string>>; readonly expr: string };

/** A rule that tells somebody. */
export type AlertRule = {
  readonly alert: string;
  readonly expr: string;
  /** How long `expr` has to hold before anybody is told; a duration of Prometheus, such as `5m`. */
  readonly for: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
    readonly dashboard_path: string;
  };
};

/** Rules that are evaluated together, in this order. */
export type RuleGroup = { readonly name: string; readonly interval?: string; readonly rules: readonly (RecordingRule | AlertRule)[] };
