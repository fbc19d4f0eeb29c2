import type { EntryId } from '@driftbox/domain';
import type { LocalOperation } from '@driftbox/sync-core';
import type { Life } from '../life.ts';
import type { Arrived, Unreadable } from '../ports/disk.ts';
import type { Wanted } from '../ports/server.ts';
import { endedTogether, pathAt, rowAt, standing } from './step.ts';
import type { End } from './step.ts';

export type Fetch = Extract<LocalOperation, { op: 'fetch' }>;
/** Content that arrived, or why it did not, and what was to be done with it. */
export type Arrival = { readonly op: Fetch; readonly wanted: Wanted; readonly content: Arrived | Unreadable };

/** Puts content in its place. What arrives in one turn is recorded in one transaction; those that are fetched are few at a time. */
export class Arrivals {
  readonly #life: Life;
  #waiting: Arrival[] = [];
  #placing: Promise<void> | undefined;

  constructor(life: Life) {
    this.#life = life;
  }

  /** Resolves once it is placed and recorded, or noted as failed. */
  take(arrival: Arrival): Promise<void> {
    this.#waiting.push(arrival);
    this.#placing ??= this.#placeAll();
    return this.#placing;
  }

  async #placeAll(): Promise<void> {
    // Until the others that arrived with the first one are here.
    await Promise.resolve();
    const arrivals = this.#waiting;
    this.#waiting = [];
    this.#placing = undefined;
    const ends: End[] = [];
    try {
      for (const arrival of arrivals) ends.push(await this.#place(arrival));
    } finally {
      // What was placed before one threw is in its place.
      endedTogether(this.#life, ends);
    }
  }

  async #place({ op, wanted, content }: Arrival): Promise<End> {
    const { disk, store, nowMs } = this.#life.around;
    const { entryId } = op;
    if ('failed' in content) return failed(entryId, content.failed);
    const path = pathAt(this.#life, op);
    const row = store.local.get(entryId);
    const inPlace = row === undefined || (row.parentId === op.parentId && row.name === op.name && row.stat === wanted.old?.stat);
    if (path === undefined || !inPlace) {
      await disk.discard(content);
      return failed(entryId, 'its place is not free yet');
    }
    const outcome = await disk.place(content, standing(this.#life, entryId)?.path ?? path, row?.stat);
    const record: End['record'] = (stat) => {
      if (stat !== undefined) store.putLocal(rowAt(entryId, op, row?.onDisk ?? op.name, op.remote.body, stat, nowMs()));
    };
    return { entryId, outcome, record };
  }
}

function failed(entryId: EntryId, reason: string): End {
  return { entryId, outcome: { outcome: 'failed', reason, retryable: true }, record: () => undefined };
}
