import type { Clock } from '../clock.ts';
import type { Priority } from './ready-keys.ts';

type Delayed = { readonly dueMs: number; readonly priority: Priority; readonly cancel: () => void };

/** Keys that come later. A key that is delayed twice comes once, at the earlier time, with the higher of its priorities. */
export class DelayedKeys<K extends string> {
  readonly #clock: Clock;
  readonly #due: (key: K, priority: Priority) => void;
  readonly #delayed = new Map<K, Delayed>();

  constructor(clock: Clock, due: (key: K, priority: Priority) => void) {
    this.#clock = clock;
    this.#due = due;
  }

  get size(): number {
    return this.#delayed.size;
  }

  add(key: K, afterMs: number, wanted: Priority): void {
    const known = this.#delayed.get(key);
    const dueMs = Math.min(this.#clock.now() + afterMs, known?.dueMs ?? Infinity);
    const priority = known?.priority === 'normal' ? 'normal' : wanted;
    known?.cancel();
    const cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.now()), () => {
      this.#delayed.delete(key);
      this.#due(key, priority);
    });
    this.#delayed.set(key, { dueMs, priority, cancel });
  }

  clear(): void {
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
  }
}
