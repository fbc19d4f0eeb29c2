import type { EntryId } from '@driftbox/domain';
import type { Plan } from '@driftbox/sync-core';
import { Life } from './life.ts';
import { pass, type PassResult } from './pass.ts';
import type { Surroundings } from './ports/surroundings.ts';

/** An entry that is not in sync, and why; `dueMs` when it is tried again by itself. */
export type WaitingEntry = { readonly entryId: EntryId; readonly reason: string; readonly dueMs: number | undefined };

/** Passes in a row before others get their turn. */
const maxPasses = 100;

/** Keeps a folder and a drive equal. One at a time per folder; not for concurrent use. */
export class SyncLoop {
  readonly #life: Life;
  #waiting: Plan['waiting'] = [];

  constructor(around: Surroundings) {
    this.#life = new Life(around);
  }

  /**
   * Passes until nothing is left to do, no answer comes, or a person has to decide. `moved` means that it is not finished
   * after many passes, because the folder or the drive keeps changing: call again.
   */
  async run(): Promise<PassResult> {
    for (let passes = 1; ; passes += 1) {
      const result = await pass(this.#life);
      if ('plan' in result && result.plan !== undefined) this.#waiting = result.plan.waiting;
      if (result.result === 'offline' || result.result === 'halted') return result;
      const again = result.result === 'moved' || (result.lookAgainMs ?? Infinity) <= this.#life.around.nowMs();
      if (!again || passes === maxPasses) return result;
    }
  }

  /** What is not in sync, as of the last pass. */
  waiting(): WaitingEntry[] {
    return [
      ...this.#waiting.map(({ entryId, reason, detail }) => ({ entryId, reason: detail === '' ? reason : detail, dueMs: undefined })),
      ...this.#life.waiting().map(({ entryId, reason, dueMs }) => ({ entryId, reason, dueMs })),
    ];
  }
}
