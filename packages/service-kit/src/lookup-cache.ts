import { BoundedMap } from './bounded-map.ts';
import type { CountLookup } from './count-lookups.ts';

type LookupOptions<V> = {
  /** Asks whoever knows. What it throws reaches callers only while no earlier answer is held. */
  readonly ask: (key: string) => Promise<V>;
  /**
   * An answer this old is asked for again, while it goes on being given. One twice as old was not needed for a while: a
   * new one is waited for, but not for long.
   */
  readonly freshMs: number;
  /** An answer this old is no longer given, even if nobody can be asked. */
  readonly keepMs: number;
  /** Answers held at most; the oldest leaves first. */
  readonly maximum: number;
  /** What durations are measured by; default a clock that nobody can set. */
  readonly nowMs?: (() => number) | undefined;
  readonly count?: CountLookup | undefined;
};

type Held<V> = { readonly value: V; readonly askedMs: number };

/** A key is asked for again no sooner than this, whatever became of the question. */
const pauseMs = 1_000;
/** The longest wait for a new answer where an old one is at hand. */
const patienceMs = 500;

/**
 * Answers that somebody else owns, kept so that requests neither wait for them nor end when their owner is away. One
 * question per key is under way at a time.
 */
export class LookupCache<V> {
  readonly #options: LookupOptions<V>;
  readonly #held: BoundedMap<Held<V>>;
  readonly #triedMs: BoundedMap<number>;
  readonly #running = new Map<string, Promise<V>>();
  readonly #nowMs: () => number;

  constructor(options: LookupOptions<V>) {
    this.#options = options;
    this.#held = new BoundedMap(options.maximum);
    this.#triedMs = new BoundedMap(options.maximum);
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  /** The answer: at once where one is held. Throws what `ask` throws where none is. */
  get(key: string): V | Promise<V> {
    const nowMs = this.#nowMs();
    const held = this.#held.get(key, nowMs);
    this.#options.count?.(held !== undefined);
    if (held === undefined) return this.#ask(key);
    const ageMs = nowMs - held.askedMs;
    if (ageMs < this.#options.freshMs || this.#triedMs.get(key, nowMs) !== undefined) return held.value;
    this.#triedMs.set(key, nowMs, nowMs + pauseMs);
    // The answer at hand goes on holding until it is too old.
    const asking = this.#ask(key).catch(() => held.value);
    return ageMs < 2 * this.#options.freshMs ? held.value : within(patienceMs, asking, held.value);
  }

  #ask(key: string): Promise<V> {
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const askedMs = this.#nowMs();
    const asking = this.#options
      .ask(key)
      .then((value) => {
        this.#held.set(key, { value, askedMs }, askedMs + this.#options.keepMs);
        return value;
      })
      .finally(() => this.#running.delete(key));
    this.#running.set(key, asking);
    return asking;
  }
}

function within<V>(timeoutMs: number, asking: Promise<V>, otherwise: V): Promise<V> {
  const late = Promise.withResolvers<V>();
  const timer = setTimeout(() => late.resolve(otherwise), timeoutMs);
  return Promise.race([asking, late.promise]).finally(() => clearTimeout(timer));
}
