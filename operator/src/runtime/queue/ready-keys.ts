/** `low` is for what nobody waits for, as the passes over everything after a start or every ten minutes. */
export type Priority = 'normal' | 'low';

/** Every so many keys taken, one of low priority is, if there is any: otherwise a busy queue would never come to them. */
const lowEvery = 10;

/** Keys that wait for a worker, each once, in order within their priority. */
export class ReadyKeys<K extends string> {
  readonly #waiting: Readonly<Record<Priority, Map<K, number>>> = { normal: new Map(), low: new Map() };
  #taken = 0;

  get size(): number {
    return this.#waiting.normal.size + this.#waiting.low.size;
  }

  countOf(priority: Priority): number {
    return this.#waiting[priority].size;
  }

  /** A key that waits already stays where it is, but moves up if it is now wanted sooner. Answers whether it did not wait before. */
  add(key: K, priority: Priority, nowMs: number): boolean {
    const { normal, low } = this.#waiting;
    if (normal.has(key) || (priority === 'low' && low.has(key))) return false;
    const sinceMs = low.get(key);
    low.delete(key);
    this.#waiting[priority].set(key, sinceMs ?? nowMs);
    return sinceMs === undefined;
  }

  /** The next key, with the time at which it began to wait. */
  take(): { readonly key: K; readonly sinceMs: number } | undefined {
    this.#taken += 1;
    const order: readonly Priority[] = this.#taken % lowEvery === 0 ? ['low', 'normal'] : ['normal', 'low'];
    for (const priority of order) {
      for (const [key, sinceMs] of this.#waiting[priority]) {
        this.#waiting[priority].delete(key);
        return { key, sinceMs };
      }
    }
    return undefined;
  }

  clear(): void {
    this.#waiting.normal.clear();
    this.#waiting.low.clear();
  }
}
