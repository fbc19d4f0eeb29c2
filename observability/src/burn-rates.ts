/** What an alert asks of whoever gets it: `critical` now, at night too; `warning` on the next working day. */
export type Severity = 'critical' | 'warning';

/**
 * A speed at which the error budget is spent, 1 being the one that just lasts for its whole time. It counts when it is
 * reached over both windows: the long one says that it matters, the short one that it goes on (Site Reliability
 * Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts").
 */
export type BurnRate = {
  readonly name: 'Fast' | 'Steady' | 'Creeping';
  readonly factor: number;
  readonly longSeconds: number;
  readonly shortSeconds: number;
  /** For how long both must be beyond it. */
  readonly forSeconds: number;
  readonly severity: Severity;
};

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** 2 % of 30 days' budget in an hour, 5 % in six hours, 10 % in three days. */
export const burnRates: readonly BurnRate[] = [
  { name: 'Fast', factor: 14.4, longSeconds: hour, shortSeconds: 5 * minute, forSeconds: minute, severity: 'critical' },
  { name: 'Steady', factor: 6, longSeconds: 6 * hour, shortSeconds: 30 * minute, forSeconds: 5 * minute, severity: 'critical' },
  { name: 'Creeping', factor: 1, longSeconds: 3 * day, shortSeconds: 6 * hour, forSeconds: 30 * minute, severity: 'warning' },
];

/** Every window over which a burn rate is looked at, the shortest first. */
export const windowsSeconds: readonly number[] = [
  ...new Set(burnRates.flatMap(({ longSeconds, shortSeconds }) => [shortSeconds, longSeconds])),
].sort((one, other) => one - other);

/** A failure or two in the small hours are a large share of the night's requests, and no reason to wake anybody. */
export const fewestFailures = 10;
