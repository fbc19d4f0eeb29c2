/** How a value is written: Grafana's own names. */
export type Unit = 'bytes' | 'Bps' | 'none' | 'percentunit' | 'reqps' | 'ops' | 's' | 'short';

/** One question to Prometheus, and what its answers are called: `{{label}}` stands for a label's value. */
export type Query = { readonly expr: string; readonly legend: string };

/** One picture: what it shows, and what a reader should think of it. */
export type Panel = {
  readonly title: string;
  /** Shown at the title: what to conclude. */
  readonly about: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Default `lines`; `number` is the last value alone. */
  readonly view?: 'lines' | 'number';
  /** Drawn as a line: a target of the objectives, or the bound of an alert. */
  readonly limit?: { readonly value: number; readonly good: 'below' | 'above' };
  /** Alerts that are looked into here; each alert is on one panel, which leads to its runbook. */
  readonly alerts?: readonly string[];
};

/** Panels under one heading. */
export type Row = { readonly title: string; readonly panels: readonly Panel[] };

/** What can be chosen at the top; expressions say `$name`. */
export type Variable = { readonly name: string; readonly label: string; readonly metric: string; readonly of: string };

/** A page of Grafana. */
export type Dashboard = {
  /** Also its file and its address. */
  readonly uid: string;
  readonly title: string;
  readonly about: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly Row[];
};

/** The cell, which Prometheus knows as a namespace. */
export const cellVariable: Variable = { name: 'cell', label: 'Cell', metric: 'up{part!=""}', of: 'namespace' };

/** Panels in the order in which they stand, with the number under which Grafana knows each. */
export function numberedPanels({ rows }: Dashboard): readonly { readonly id: number; readonly panel: Panel }[] {
  return rows.flatMap((row, at) => row.panels.map((panel, place) => ({ id: (at + 1) * 100 + place + 1, panel })));
}
