import assert from 'node:assert/strict';

/** A map that holds at most `maximum` entries: the oldest one leaves when another comes. Entries also end by themselves at their time. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly untilMs: number }>();
  readonly #maximum: number;

  constructor(maximum: number) {
    assert(maximum > 0);
    this.#maximum = maximum;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The value, or `undefined` once `nowMs` has reached its end. */
  get(key: string, nowMs: number): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.untilMs > nowMs) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  set(key: string, value: V, untilMs: number): void {
    this.#entries.delete(key);
    const [oldest] = this.#entries.size >= this.#maximum ? this.#entries.keys() : [];
    if (oldest !== undefined) this.#entries.delete(oldest);
    this.#entries.set(key, { value, untilMs });
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
