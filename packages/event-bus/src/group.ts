import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CloudEvent } from './cloud-event.ts';
import { deadLetterId, type DeadLetterStore } from './dead-letter-store.ts';
import { BusUnavailable, type SubscribeOptions } from './event-bus.ts';
import { tracedHandling, type System } from './trace-events.ts';

/** How hard a group tries. Durations in milliseconds. */
export type Persistence = {
  readonly maxAttempts: number;
  /** Before the second try; doubles from there. */
  readonly retryDelayMs: number;
  readonly maxRetryDelayMs: number;
  readonly handlerTimeoutMs: number;
};

/** What holds where nothing else is said. */
const defaultPersistence: Persistence = { maxAttempts: 8, retryDelayMs: 50, maxRetryDelayMs: 5_000, handlerTimeoutMs: 60_000 };

/** `given` over the defaults; what is given as undefined is not given. */
export function persistenceOf({ maxAttempts, retryDelayMs, maxRetryDelayMs, handlerTimeoutMs }: Partial<Persistence>): Persistence {
  const given = { maxAttempts, retryDelayMs, maxRetryDelayMs, handlerTimeoutMs };
  return { ...defaultPersistence, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

type Job = {
  readonly topic: string;
  readonly key: string;
  readonly event: CloudEvent;
  /** The step that sent it, where the way here tells; otherwise its trace goes on from the event's own. */
  readonly sentBy?: string | undefined;
};
type Member = { readonly options: SubscribeOptions; readonly running: Set<Promise<void>>; places: number };

/** The consumers called by one name: hands each event to one of them, in order per key, until handled or dead. */
export class Group {
  readonly name: string;
  readonly #system: System;
  readonly topics = new Set<string>();
  readonly #persistence: Persistence;
  readonly #letters: DeadLetterStore;
  readonly #members: Member[] = [];
  /** The end of what has been accepted for each topic and key. */
  readonly #lanes = new Map<string, Promise<void>>();
  readonly #ending = new AbortController();
  #changed = Promise.withResolvers<void>();

  constructor(name: string, system: System, persistence: Persistence, letters: DeadLetterStore) {
    this.name = name;
    this.#system = system;
    this.#persistence = persistence;
    this.#letters = letters;
  }

  join(options: SubscribeOptions): Member {
    const member: Member = { options, running: new Set(), places: options.concurrency ?? 16 };
    for (const topic of options.topics) this.topics.add(topic);
    this.#members.push(member);
    this.#announce();
    return member;
  }

  async leave(member: Member): Promise<void> {
    const at = this.#members.indexOf(member);
    if (at >= 0) this.#members.splice(at, 1);
    this.#announce();
    await Promise.allSettled(member.running);
  }

  /** Resolves when the event is handled or kept as a dead letter; rejects if neither could be done. */
  accept(job: Job): Promise<void> {
    const lane = `${job.topic}\n${job.key}`;
    const before = this.#lanes.get(lane);
    const done = before === undefined ? this.#deliver(job) : before.then(() => this.#deliver(job));
    const settled = done.catch(() => {});
    this.#lanes.set(lane, settled);
    void settled.then(() => {
      if (this.#lanes.get(lane) === settled) this.#lanes.delete(lane);
    });
    return done;
  }

  /** One delivery, outside the order of its key; throws what the handler threw. */
  async redeliver(job: Job): Promise<void> {
    await this.#attempt(job, 1);
  }

  /** Interrupts handlers and waits; what is not handled yet is rejected. */
  end(): void {
    this.#ending.abort(new BusUnavailable('the bus is closed'));
    this.#announce();
  }

  async #deliver(job: Job): Promise<void> {
    const { maxAttempts, retryDelayMs, maxRetryDelayMs } = this.#persistence;
    for (let attempt = 1; ; attempt += 1) {
      this.#ending.signal.throwIfAborted();
      try {
        await this.#attempt(job, attempt);
        return;
      } catch (error) {
        this.#ending.signal.throwIfAborted();
        if (error instanceof BusUnavailable) throw error;
        if (attempt === maxAttempts) return this.#bury(job, error, attempt);
        await this.#pause(Math.min(retryDelayMs * 2 ** (attempt - 1), maxRetryDelayMs));
      }
    }
  }

  async #attempt(job: Job, attempt: number): Promise<void> {
    const member = await this.#memberFor(job);
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(this.#persistence.handlerTimeoutMs)]);
    const run = raceAbort(
      Promise.resolve().then(() =>
        tracedHandling({ ...job, system: this.#system, group: this.name, attempt }, () =>
          member.options.handler(job.event, { topic: job.topic, key: job.key, attempt, signal }),
        ),
      ),
      signal,
    );
    member.running.add(run);
    try {
      await run;
    } finally {
      member.running.delete(run);
      member.places += 1;
      this.#announce();
    }
  }

  /** Keys are spread over the members by their hash; a busy member's keys wait for it, and a group of none waits for one, a while. */
  async #memberFor({ topic, key }: Job): Promise<Member> {
    const patience = AbortSignal.timeout(this.#persistence.handlerTimeoutMs);
    for (;;) {
      this.#ending.signal.throwIfAborted();
      const able = this.#members.filter((member) => member.options.topics.includes(topic));
      const chosen = able.length > 1 ? able[createHash('sha256').update(key).digest().readUInt32BE() % able.length] : able[0];
      if (chosen !== undefined && chosen.places > 0) {
        // Taken here, not when the handler begins: of all who wait only so many may go on.
        chosen.places -= 1;
        return chosen;
      }
      await raceAbort(this.#changed.promise, patience).catch((cause: unknown) => {
        throw new BusUnavailable(`nobody in group ${this.name} takes ${topic}`, { cause });
      });
    }
  }

  async #bury({ topic, key, event }: Job, error: unknown, attempts: number): Promise<void> {
    const cause = String(Object(error).message ?? error).slice(0, 2_000);
    const letter = { id: deadLetterId(this.name, event), group: this.name, topic, key, event, cause, attempts, failedAtMs: Date.now() };
    await this.#letters.add(letter).catch((failure: unknown) => {
      throw new BusUnavailable('an event failed and could not be kept as a dead letter', { cause: failure });
    });
  }

  async #pause(durationMs: number): Promise<void> {
    await delay(durationMs, undefined, { signal: this.#ending.signal }).catch(() => {});
  }

  #announce(): void {
    const changed = this.#changed;
    this.#changed = Promise.withResolvers();
    changed.resolve();
  }
}

async function raceAbort(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
