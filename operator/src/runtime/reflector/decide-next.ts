import type { Refusal } from '../api/answer.ts';
import type { WatchEnd } from '../api/watch-event.ts';
import { backoffMs, type Backoff } from '../backoff.ts';
import type { Random } from '../clock.ts';

/** How far a reflector is. */
export type Progress = {
  /** Everything up to this resource version is known; undefined before a list, or when the server no longer knows it. */
  readonly position: string | undefined;
  /** Failures in a row. */
  readonly failures: number;
};

/** What a list or a watch came to. */
export type Ended =
  | { readonly kind: 'listed'; readonly resourceVersion: string }
  | { readonly kind: 'listRefused'; readonly refusal: Refusal }
  /** `position` is that of the last event, `events` counts bookmarks too. */
  | { readonly kind: 'watched'; readonly end: WatchEnd; readonly position: string; readonly events: number; readonly lastedMs: number };

/** What to do next: list where there is no position, else watch from it; and after how long. */
export type NextStep = { readonly progress: Progress; readonly afterMs: number };

/** A watch that ended sooner than this, with nothing told, is no use. */
const shortWatchMs = 1_000;
/** After so many refusals running, the position itself may be what the server cannot serve. */
const mostRefusals = 3;

/** Decides, from what a list or watch came to, what a reflector does next (client-go's `Reflector` is the model). */
export function decideNext(progress: Progress, ended: Ended, backoff: Backoff, random: Random): NextStep {
  const after = (failures: number, refusal?: Refusal): number => Math.max(backoffMs(backoff, failures, random), refusal?.retryAfterMs ?? 0);

  // A list alone is no recovery: a server may answer every list and refuse every watch.
  if (ended.kind === 'listed') return { progress: { position: ended.resourceVersion, failures: progress.failures }, afterMs: 0 };
  if (ended.kind === 'listRefused') {
    const failures = progress.failures + 1;
    return { progress: { position: undefined, failures }, afterMs: after(failures, ended.refusal) };
  }
  const { end, position, events, lastedMs } = ended;
  const failures = (events > 0 || lastedMs >= backoff.mostMs ? 0 : progress.failures) + 1;
  const resume = { progress: { position, failures: 0 }, afterMs: 0 };
  switch (end.kind) {
    case 'closed':
      if (events > 0 || lastedMs >= shortWatchMs) return resume;
      return { progress: { position, failures }, afterMs: after(failures) };
    // Also on a healthy connection: a server sends no bookmarks for a kind of which it has seen no change yet.
    case 'idle':
    case 'aborted':
      return resume;
    case 'gone':
      return { progress: { position: undefined, failures }, afterMs: after(failures - 1) };
    case 'garbled':
    case 'notFound':
      return { progress: { position: undefined, failures }, afterMs: after(failures) };
    case 'cut':
    case 'unreachable':
    case 'timedOut':
    case 'tooManyRequests':
      return { progress: { position, failures }, afterMs: after(failures, 'code' in end ? end : undefined) };
    default:
      return { progress: { position: failures % mostRefusals === 0 ? undefined : position, failures }, afterMs: after(failures, end) };
  }
}
