import { randomUUID } from 'node:crypto';
import { StoreError, type PackId } from '@driftbox/chunk-store';
import { Problem } from '@driftbox/protocol';
import { BackupDamaged } from '../backup-damaged.ts';
import type { Destination } from '../destination.ts';
import { writeManifest } from '../manifest.ts';
import { excludes, readMarks, type Mark, type Use } from './mark.ts';

const renewMs = 60_000;
/** A mark that is this old, or from this far ahead, is looked at for `watchMs`: whoever lives writes another one in that time. */
const staleMs = 180_000;
const watchMs = 150_000;

/** For whom a place is held. */
export type Holder = {
  /** Who is given the same task again, such as a Job, goes on at once, though the run before is not known to be dead. */
  readonly owner?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Does something where backups are, and lets nobody work beside it who would be in its way. Throws `locked` where somebody is at work
 * already. A run that died is in the way until that is known: at once on the same machine, after some minutes elsewhere.
 */
export async function holding<T>(destination: Destination, use: Use, holder: Holder, work: (held: Held) => Promise<T>): Promise<T> {
  const held = new Held(destination, use, holder);
  try {
    await held.enter();
    return await work(held);
  } catch (error) {
    if (error instanceof BackupDamaged) await held.check();
    throw error;
  } finally {
    await held.leave();
  }
}

/**
 * A place that is held: marks first, then a look around, so that of two who come at once one sees the other. The mark before the newest
 * stays until the next, so that whoever lists them meanwhile finds one.
 */
export class Held {
  readonly #destination: Destination;
  readonly #use: Use;
  readonly #holder: Holder;
  readonly #id = randomUUID();
  readonly #since: string;
  /** Oldest first. */
  #marks: PackId[] = [];
  /** The newest that was written while the one before was there: nobody can have worked here in between. */
  #proof: PackId | undefined;
  #isLost = false;
  #renewal: Promise<void> = Promise.resolve();
  #stopRenewing: () => void = () => undefined;

  constructor(destination: Destination, use: Use, holder: Holder) {
    this.#destination = destination;
    this.#use = use;
    this.#holder = holder;
    this.#since = this.#time();
  }

  /** Begins. Throws `locked`. */
  async enter(): Promise<void> {
    await this.#mark();
    this.#proof = this.#marks.at(-1);
    if (this.#proof !== undefined) this.#stopRenewing = this.#destination.worker.every(renewMs, () => void this.#renew());
    else if (this.#use === 'read') return;
    await this.#waitForTheDead();
  }

  /** Throws `locked` where somebody took the mark away who thought that this run was dead: what it counted on may be gone. */
  async check(): Promise<void> {
    // There was no room for a mark. By now a removal may have made some.
    if (this.#proof === undefined) return this.enter();
    if (!this.#isLost && (await this.#isThere(this.#proof))) return;
    this.#isLost = true;
    throw new Problem('locked', 'Others took this run for dead, since nothing was heard of it, and worked here; run it again');
  }

  /** Ends. A mark that cannot be removed counts for nothing some minutes later. */
  async leave(): Promise<void> {
    this.#stopRenewing();
    await this.#renewal;
    for (const mark of this.#marks) await this.#destination.locks.delete(mark).catch(() => undefined);
  }

  /** Who has no room for a mark may remove, so that there is some, and who may not write may read. */
  async #mark(): Promise<void> {
    try {
      await this.#put();
    } catch (error) {
      if (!(error instanceof StoreError) || error.transient) throw error;
      if (this.#use === 'create' || (this.#use === 'remove' && error.kind !== 'full')) throw error;
    }
  }

  async #put(): Promise<void> {
    const { locks, key, worker } = this.#destination;
    const { host, pid, process } = worker;
    const mark: Mark = {
      format: 1,
      id: this.#id,
      use: this.#use,
      ...(this.#holder.owner === undefined ? {} : { owner: this.#holder.owner }),
      host,
      pid,
      ...(process === undefined ? {} : { process }),
      since: this.#since,
      takenAt: this.#time(),
    };
    this.#marks.push(await writeManifest(locks, key, mark));
  }

  #renew(): Promise<void> {
    this.#renewal = this.#renewal
      .then(async () => {
        await this.#put();
        // Who took it away has looked around already, and may be at work.
        this.#isLost ||= !(await this.#isThere(this.#proof));
        this.#proof = this.#marks.at(-1);
        for (const old of this.#marks.slice(0, -2)) await this.#destination.locks.delete(old);
        this.#marks = this.#marks.slice(-2);
      })
      // The next one may succeed; one that comes too late has been lost.
      .catch(() => undefined);
    return this.#renewal;
  }

  /** Looks until nobody is in the way. Throws `locked` where somebody is who lives. */
  async #waitForTheDead(): Promise<void> {
    const { locks, worker } = this.#destination;
    for (let watched: ReadonlySet<PackId> | undefined; ;) {
      const marks = (await readMarks(this.#destination)).filter(({ id, use }) => id !== this.#id && excludes(this.#use, use));
      if (marks.length === 0) return;
      const unsure = marks.filter((mark) => !this.#isOver(mark));
      const living = unsure.findLast((mark) => (watched === undefined ? !this.#isStale(mark) : !watched.has(mark.packId)));
      if (living !== undefined) throw inTheWay(living);
      if (unsure.length > 0 && watched === undefined) {
        watched = new Set(unsure.map(({ packId }) => packId));
        await worker.sleep(watchMs, this.#holder.signal);
      } else for (const { packId } of marks) await locks.delete(packId);
    }
  }

  #isOver({ use, owner, process }: Mark): boolean {
    const isSame = owner !== undefined && owner === this.#holder.owner && use === this.#use;
    return isSame || (process !== undefined && this.#destination.worker.hasEnded(process));
  }

  #isStale({ takenAt }: Mark): boolean {
    return !(Math.abs(this.#destination.worker.now() - Date.parse(takenAt)) <= staleMs);
  }

  async #isThere(mark: PackId | undefined): Promise<boolean> {
    if (mark === undefined) return false;
    return this.#destination.locks.stat(mark).then(
      () => true,
      (error: unknown) => (error instanceof StoreError && error.kind === 'not_found' ? false : Promise.reject(error as Error)),
    );
  }

  #time(): string {
    return new Date(this.#destination.worker.now()).toISOString();
  }
}

const doing: Readonly<Record<Use, string>> = {
  create: 'is making a backup here',
  remove: 'is removing a backup here',
  read: 'is reading backups here',
};

function inTheWay({ use, host, pid, since, takenAt }: Mark): Problem {
  if (takenAt === '') return new Problem('locked', 'Somebody works here whose marks cannot be read: is that under another key?');
  const silentAt = new Date(Date.parse(takenAt) + staleMs).toISOString();
  const advice = `run it again when that has ended or, if it has died, after ${silentAt}`;
  return new Problem('locked', `Process ${pid} of ${host} ${doing[use]} since ${since}: ${advice}`, {
    details: { use, host, pid, since, heardOf: takenAt },
  });
}
