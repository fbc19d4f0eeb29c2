import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ObjectKey } from '../api/object-key.ts';
import { spread } from '../backoff.ts';
import { pause, systemClock, type Clock, type Random } from '../clock.ts';
import type { Priority } from '../queue/ready-keys.ts';
import { WorkQueue, type WorkQueueOptions } from '../queue/work-queue.ts';
import { openSeries, type ControllerMetrics } from './controller-metrics.ts';
import { judgePass, type PassEnd, type PassJudgement } from './judge-pass.ts';
import type { Reconcile } from './reconciled.ts';

/** What a controller is made of. */
export type ControllerOptions = {
  /** Names it in metrics and messages. */
  readonly name: string;
  readonly reconcile: Reconcile;
  /** How many keys are worked on at once; default 4. */
  readonly workers?: number | undefined;
  /** How long a pass may take; default 2 min. */
  readonly passTimeoutMs?: number | undefined;
  /** Every key that is settled is looked at again after this, a tenth more or less; default 10 min. */
  readonly regularMs?: number | undefined;
  readonly queue?: Pick<WorkQueueOptions, 'backoff' | 'retryRate' | 'measure'> | undefined;
  readonly metrics?: ControllerMetrics | undefined;
  /** Told of each pass that threw, for the log. */
  readonly onError?: ((key: ObjectKey, id: string, error: unknown, judgement: PassJudgement) => void) | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
};

/** How long a pass that has been told to end may take to do so before its worker counts as stuck. */
const stuckAfterMs = 60_000;

/** Runs `reconcile` for keys that were added, never twice at once for the same, and again as its outcome asks for. */
export class Controller {
  readonly name: string;
  readonly #options: ControllerOptions;
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #passTimeoutMs: number;
  readonly #stopping = new AbortController();
  #working: Promise<unknown> | undefined;
  #death: unknown;

  constructor(options: ControllerOptions) {
    this.name = options.name;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#passTimeoutMs = options.passTimeoutMs ?? 120_000;
    this.#queue = new WorkQueue({ ...options.queue, clock: this.#clock, random: this.#random });
  }

  /** Asks for a pass over a key. May be called before `start`: caches fill first. */
  add(key: ObjectKey, priority?: Priority): void {
    this.#queue.add(key, priority);
  }

  /** Begins to work; may be called once, when the caches are filled and, where there are several processes, this one leads. */
  start(): void {
    assert(this.#working === undefined, 'a controller starts once');
    const { workers = 4, metrics } = this.#options;
    if (metrics !== undefined) openSeries(metrics, this.name, workers);
    this.#working = Promise.all(Array.from({ length: workers }, () => this.#work())).catch((error: unknown) => (this.#death = error));
  }

  /**
   * Takes no more keys and waits for the passes under way; those that take longer than `graceMs` are told to end. Resolves when none
   * is left.
   */
  async stop(graceMs = 25_000): Promise<void> {
    this.#queue.close();
    const settled = new AbortController();
    const patience = pause(this.#clock, graceMs, settled.signal).then(() => {
      if (!settled.signal.aborted) this.#stopping.abort(new Error('the process ends'));
    });
    await this.#working;
    settled.abort();
    await patience;
  }

  /** Why it no longer does its work though nobody stopped it; undefined while all is well. */
  get failure(): string | undefined {
    if (this.#death !== undefined) return `the controller ${this.name} died: ${String(this.#death)}`;
    const stuck = this.#queue.longestWorkMs > this.#passTimeoutMs + stuckAfterMs;
    return stuck ? `a worker of the controller ${this.name} is stuck` : undefined;
  }

  async #work(): Promise<void> {
    for (let key = await this.#queue.take(); key !== undefined; key = await this.#queue.take()) {
      const id = randomUUID();
      const { metrics } = this.#options;
      metrics?.active.inc({ controller: this.name });
      const startedMs = this.#clock.now();
      const end = await this.#pass(key, id);
      metrics?.active.dec({ controller: this.name });
      metrics?.seconds.observe({ controller: this.name }, (this.#clock.now() - startedMs) / 1000);
      const judgement = judgePass(end);
      this.#count(judgement);
      if (end.kind === 'threw') this.#options.onError?.(key, id, end.error, judgement);
      this.#follow(key, judgement);
      this.#queue.done(key);
    }
  }

  async #pass(key: ObjectKey, id: string): Promise<PassEnd> {
    // Not `AbortSignal.any`: the signal of the whole process would hold on to one of each pass.
    const ending = new AbortController();
    const stop = (): void => ending.abort(this.#stopping.signal.reason);
    let timedOut = false;
    const cancel = this.#clock.after(this.#passTimeoutMs, () => {
      timedOut = true;
      ending.abort(new Error('the pass took too long'));
    });
    this.#stopping.signal.addEventListener('abort', stop, { once: true });
    try {
      return { kind: 'resolved', value: await this.#options.reconcile(key, { id, signal: ending.signal }) };
    } catch (error) {
      return { kind: 'threw', error, timedOut };
    } finally {
      cancel();
      this.#stopping.signal.removeEventListener('abort', stop);
    }
  }

  #follow(key: ObjectKey, { verdict }: PassJudgement): void {
    if (verdict.next === 'retry') return this.#queue.retry(key, verdict.leastMs);
    if (verdict.next !== 'after' || verdict.forget) this.#queue.forget(key);
    if (verdict.next === 'after') this.#queue.addAfter(key, verdict.afterMs);
    if (verdict.next === 'regular') this.#queue.addAfter(key, spread(this.#options.regularMs ?? 600_000, 0.1, this.#random), 'low');
  }

  #count({ result, isTerminal = false, isPanic = false, timedOut = false }: PassJudgement): void {
    const { metrics } = this.#options;
    const controller = this.name;
    metrics?.passes.inc({ controller, result });
    if (result === 'error') metrics?.errors.inc({ controller });
    if (isTerminal) metrics?.terminalErrors.inc({ controller });
    if (isPanic) metrics?.panics.inc({ controller });
    if (timedOut) metrics?.timeouts.inc({ controller });
  }
}
