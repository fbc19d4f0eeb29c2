import type { CommitId, TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { releasePins } from './store/release-pins.ts';

const gatherMs = 50;
const mostWaiting = 10_000;

/**
 * Lets go of the pins of answered commits, many with one statement and off their requests' path. What is not released
 * because of a crash or a lost database, the expiry job releases.
 */
export class PinReleaser {
  readonly #database: Database;
  readonly #waiting = new Map<TenantId, CommitId[]>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Commits whose pins are not released yet. */
  get waiting(): number {
    return this.#count;
  }

  /** Says that metadata has answered this commit. */
  release(tenantId: TenantId, commitId: CommitId): void {
    if (this.#count >= mostWaiting) return;
    this.#count += 1;
    const ids = this.#waiting.get(tenantId);
    if (ids === undefined) this.#waiting.set(tenantId, [commitId]);
    else ids.push(commitId);
    this.#timer ??= setTimeout(() => void this.flush(), gatherMs);
  }

  /** Releases all that wait, and resolves when that is done. Never throws: what fails is left to expiry. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = [...this.#waiting];
    this.#waiting.clear();
    this.#count = 0;
    this.#running = this.#running.then(async () => {
      for (const [tenantId, ids] of batch) await releasePins(this.#database, tenantId, ids).catch(() => {});
    });
    await this.#running;
  }
}
