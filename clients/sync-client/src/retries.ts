import type { EntryId } from '@driftbox/domain';

/** An entry that could not be brought into line, why, and from when on it is tried again (milliseconds since the epoch). */
export type Retry = { readonly entryId: EntryId; readonly reason: string; readonly attempts: number; readonly dueMs: number };

const firstDelayMs = 1_000;
const longestDelayMs = 5 * 60_000;

/**
 * What failed and when to try it again: at once after the first failure (what was planned from had changed, mostly), then
 * after growing pauses. Kept in memory only: a restart tries everything again.
 */
export class Retries {
  readonly #rows = new Map<EntryId, Retry>();
  readonly #failedNow = new Set<EntryId>();

  /** What fails more than once before this is called again has failed once. */
  beginPass(): void {
    this.#failedNow.clear();
  }

  failed(entryId: EntryId, reason: string, nowMs: number): void {
    const attempts = (this.#rows.get(entryId)?.attempts ?? 0) + (this.#failedNow.has(entryId) ? 0 : 1);
    this.#failedNow.add(entryId);
    const delayMs = attempts === 1 ? 0 : Math.min(firstDelayMs * 2 ** (attempts - 2), longestDelayMs);
    this.#rows.set(entryId, { entryId, reason, attempts, dueMs: nowMs + delayMs });
  }

  succeeded(entryId: EntryId): void {
    this.#rows.delete(entryId);
    this.#failedNow.delete(entryId);
  }

  /** True while the entry is to be left alone. */
  holds(entryId: EntryId, nowMs: number): boolean {
    return (this.#rows.get(entryId)?.dueMs ?? 0) > nowMs;
  }

  /** The same for entries that are tried together or not at all: each waits as long as any of them does. */
  holdsAll(entryIds: readonly EntryId[], nowMs: number): boolean {
    const rows = entryIds.map((entryId) => this.#rows.get(entryId)).filter((row) => row !== undefined);
    const dueMs = rows.reduce((last, row) => Math.max(last, row.dueMs), 0);
    if (dueMs <= nowMs) return false;
    for (const row of rows) this.#rows.set(row.entryId, { ...row, dueMs });
    return true;
  }

  /** Forgets entries about which nothing is to be done any more. */
  keepOnly(planned: ReadonlySet<EntryId>): void {
    for (const entryId of this.#rows.keys()) if (!planned.has(entryId)) this.#rows.delete(entryId);
  }

  list(): readonly Retry[] {
    return [...this.#rows.values()];
  }
}
