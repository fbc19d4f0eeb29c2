import { randomUUID } from 'node:crypto';
import type { Answer } from '../api/answer.ts';
import type { Api } from '../api/api.ts';
import { microTime } from '../api/micro-time.ts';
import type { KubeObject } from '../api/object.ts';
import { buildEvent, eventKind, type Event, type Happening, type Reporter } from './event.ts';

/** What a recorder is made of. */
export type EventRecorderOptions = {
  readonly api: Pick<Api, 'create' | 'replace'>;
  readonly reporter: Reporter;
  /** Told of an event that could not be written; nothing else comes of it. */
  readonly onLost: (happening: Happening, why: unknown) => void;
  readonly wallMs?: (() => number) | undefined;
};

/** The same thing happening again within this is told as a series of one event. */
const seriesMs = 6 * 60_000;
/** Beyond so many unwritten events, further ones are lost: they are for people, who would not read more either. */
const mostWaiting = 100;
const mostSeries = 1_000;

type Series = { readonly event: Event; readonly count: number; readonly lastMs: number };

/** Writes events in the background, one after another, and folds repeats into series. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #wallMs: () => number;
  readonly #series = new Map<string, Series>();
  #waiting = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#wallMs = options.wallMs ?? Date.now;
  }

  /** Takes note of what happened; never throws and never waits. */
  record(object: KubeObject, happening: Happening): void {
    if (this.#waiting >= mostWaiting) return this.#options.onLost(happening, new Error('too many events are waiting'));
    this.#waiting += 1;
    this.#tail = this.#tail.then(async () => {
      try {
        const answer = await this.#write(object, happening);
        if (answer.kind !== 'ok') this.#options.onLost(happening, answer);
      } catch (error) {
        this.#options.onLost(happening, error);
      }
      this.#waiting -= 1;
    });
  }

  /** Resolves when everything recorded so far is written or lost. */
  flush(): Promise<void> {
    return this.#tail;
  }

  async #write(object: KubeObject, happening: Happening): Promise<Answer<Event>> {
    const { api, reporter } = this.#options;
    const nowMs = this.#wallMs();
    const sameness = [object.kind, object.metadata.uid, happening.type, happening.reason, happening.action].join(' ');
    const known = this.#series.get(sameness);
    if (known !== undefined && nowMs - known.lastMs < seriesMs) {
      const count = known.count + 1;
      const answer = await api.replace<Event>(eventKind, { ...known.event, series: { count, lastObservedTime: microTime(nowMs) } });
      if (answer.kind === 'ok') this.#keep(sameness, { event: answer.value, count, lastMs: nowMs });
      // Events live an hour: one that is gone is begun anew.
      if (answer.kind !== 'notFound') return answer;
    }
    const answer = await api.create<Event>(eventKind, buildEvent(object, happening, reporter, randomUUID(), nowMs));
    if (answer.kind === 'ok') this.#keep(sameness, { event: answer.value, count: 1, lastMs: nowMs });
    return answer;
  }

  #keep(sameness: string, series: Series): void {
    // Set anew, so that the map is in order of last use and its first is the one to forget.
    this.#series.delete(sameness);
    this.#series.set(sameness, series);
    const [oldest] = this.#series.keys();
    if (this.#series.size > mostSeries && oldest !== undefined) this.#series.delete(oldest);
  }
}
