import { Cron } from 'croner';

/** When a schedule is due around now; milliseconds since the epoch. Each is undefined where there is none. */
export type DueTimes = {
  readonly next: number | undefined;
  readonly last: number | undefined;
  /** The time before the last. */
  readonly before: number | undefined;
};

/** The last two times that a schedule was due, now included, and the next. What is wrong with it instead, where it cannot be read. */
export function dueTimes(schedule: string, timeZone: string, nowMs: number): DueTimes | { readonly fault: string } {
  try {
    const cron = new Cron(schedule, { timezone: timeZone, mode: '5-part' });
    // A moment later, so that a time that is now counts as one that was.
    const [last, before] = cron.previousRuns(2, new Date(nowMs + 1_000));
    return { last: last?.getTime(), before: before?.getTime(), next: cron.nextRun(new Date(nowMs))?.getTime() };
  } catch (error) {
    return { fault: `spec.schedule or spec.timeZone: ${error instanceof Error ? error.message : String(error)}` };
  }
}
