import { listPacks } from './list-packs.ts';
import type { PackBytes, PackPage, PackStat, PackStore } from './pack-store.ts';
import type { PackId } from './pack-id.ts';
import { StoreError } from './store-error.ts';

/** What bringing two stores together did. */
export type Resynced = {
  /** Packs that one of them had, and both have now. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** Packs that one of them still lacks: none has a good copy of them, or there was no room for it. */
  readonly lacking: number;
};

/** How stores are brought together. */
export type ResyncOptions = {
  readonly signal: AbortSignal;
  /** Called before each pack is copied, with its size: waits as long as the rate wants. */
  readonly pause?: ((bytes: number) => Promise<void>) | undefined;
};

/** Two stores that hold the same packs, as one. */
export type Mirror = PackStore & {
  /** Copies what only one of them has, or has otherwise, to the other. May end at any step and begin again. */
  resync(options: ResyncOptions): Promise<Resynced>;
  /** Reads both copies of a pack whole, and makes the other good where only one is; false where both were, or neither is. */
  repair(id: PackId): Promise<boolean>;
  /** The same, for whoever can do without it: `unavailable` at once while one of them is left alone. */
  compare(id: PackId): Promise<boolean>;
};

/** Who hears of what one store missed, and how long one that is away is left alone. */
export type MirrorOptions = {
  /** Hears of a pack that was written, and is durable, in only one store: the next resync copies it. */
  readonly missed?: ((id: PackId) => void) | undefined;
  /** A store that was out of reach is not waited for, for so long, while the other answers; default 10 s. */
  readonly restMs?: number;
  readonly nowMs?: () => number;
};

/**
 * Keeps every pack in two stores; each must verify whole reads. A write succeeds once one has it and the other has it or is out of reach
 * or full, so that an outage of one stops nobody; a read is answered by either. What is removed is removed from both, or it is an error
 * and to be tried again. A listing needs both, since each may lack what the other took alone.
 */
export function mirror(first: PackStore, second: PackStore, options: MirrorOptions = {}): Mirror {
  const { missed = () => {}, restMs = 10_000, nowMs = () => performance.now() } = options;
  const stores = [first, second] as const;
  const restsUntilMs = new Map<PackStore, number>();
  const isResting = (store: PackStore): boolean => (restsUntilMs.get(store) ?? -Infinity) > nowMs();

  async function ask<T>(store: PackStore, call: (store: PackStore) => Promise<T>): Promise<T> {
    try {
      const answer = await call(store);
      restsUntilMs.delete(store);
      return answer;
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'unavailable') restsUntilMs.set(store, nowMs() + restMs);
      throw error;
    }
  }

  /** The same store, of which it is noted when it is out of reach. */
  const noting = (store: PackStore): PackStore => ({
    write: (id, bytes) => ask(store, () => store.write(id, bytes)),
    read: (id, range) => ask(store, () => store.read(id, range)),
    stat: (id) => ask(store, () => store.stat(id)),
    list: (page) => ask(store, () => store.list(page)),
    delete: (id) => ask(store, () => store.delete(id)),
  });

  async function either<T>(call: (store: PackStore) => Promise<T>): Promise<T> {
    const [now, later] = isResting(first) && !isResting(second) ? [second, first] : [first, second];
    try {
      return await ask(now, call);
    } catch (error) {
      return ask(later, call).catch((other: unknown) => Promise.reject(worse(error as Error, other as Error)));
    }
  }

  /** What those of the stores that did not take the pack said. */
  async function writeTo(some: readonly PackStore[], id: PackId, bytes: PackBytes): Promise<Error[]> {
    const outcomes = await Promise.allSettled(some.map((store) => ask(store, () => store.write(id, bytes))));
    const failed = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
    // Other bytes under this id are refused by whoever has it, however the other fares.
    const refused = failed.find((error) => !(error instanceof StoreError) || error.kind === 'corrupt');
    if (refused !== undefined) throw refused;
    return failed;
  }

  return {
    async write(id, bytes) {
      const [awake, asleep] = [stores.filter((store) => !isResting(store)), stores.filter(isResting)];
      const failed = await writeTo(awake, id, bytes);
      if (failed.length === awake.length) failed.push(...(await writeTo(asleep, id, bytes)));
      if (failed.length === stores.length) throw failed.reduce(worse);
      if (failed.length > 0 || asleep.length > 0) missed(id);
    },
    read: (id, range) => either((store) => store.read(id, range)),
    stat: (id) => either((store) => store.stat(id)),
    list: (page) => listBoth(stores, page),
    async delete(id) {
      // The first once more: what a resync copied there from the second, before that lost it, goes too.
      for (const store of [first, second, first]) await store.delete(id);
    },
    resync: (how) => resyncBoth(first, second, how),
    repair: (id) => repairIn(first, second, id),
    async compare(id) {
      if (stores.some(isResting)) throw new StoreError('unavailable', `the copies of pack ${id} are compared when neither store is away`);
      return repairIn(noting(first), noting(second), id);
    },
  };
}

/** A page of what either has, in order. */
async function listBoth(
  stores: readonly PackStore[],
  page: { readonly after?: PackId | undefined; readonly limit: number },
): Promise<PackPage> {
  const pages = await Promise.all(stores.map((store) => store.list(page)));
  const all = new Map<PackId, PackStat>(pages.flatMap(({ packs }) => packs.map((pack) => [pack.id, pack])));
  // Beyond the end of a page that is not the last of its store, that store may have more.
  const ends = pages.flatMap(({ next }) => (next === undefined ? [] : [next]));
  const known = [...all.values()].filter(({ id }) => ends.every((end) => id <= end)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const packs = known.slice(0, page.limit);
  const last = packs.at(-1);
  return last === undefined || (packs.length === all.size && ends.length === 0) ? { packs } : { packs, next: last.id };
}

/** The pack's bytes where they are good; `undefined` where they are missing or damaged. Throws what is neither. */
function goodBytes(store: PackStore, id: PackId): Promise<Uint8Array | undefined> {
  return store.read(id).catch((error: unknown) => (isDamage(error) ? undefined : Promise.reject(error as Error)));
}

/** See `Mirror.repair`. */
async function repairIn(first: PackStore, second: PackStore, id: PackId): Promise<boolean> {
  const [here, there] = await Promise.all([goodBytes(first, id), goodBytes(second, id)]);
  if ((here === undefined) === (there === undefined)) return false;
  const [from, to, bytes] = here === undefined ? [second, first, there] : [first, second, here];
  // A store never takes other bytes for a pack that it has.
  await to.delete(id);
  await to.write(id, [bytes ?? new Uint8Array(0)]);
  await undoIfGone(from, to, id);
  return true;
}

/** See `Mirror.resync`. */
async function resyncBoth(first: PackStore, second: PackStore, { signal, pause }: ResyncOptions): Promise<Resynced> {
  const done = { copied: 0, copiedBytes: 0, lacking: 0 };
  for await (const { id, sizeBytes } of differences(first, second)) {
    signal.throwIfAborted();
    await pause?.(sizeBytes);
    const isWhole = await repairIn(first, second, id).catch((error: unknown) => (isRoom(error) ? false : Promise.reject(error as Error)));
    if (isWhole) {
      done.copied += 1;
      done.copiedBytes += sizeBytes;
    } else if (!(await isSettled([first, second], id))) done.lacking += 1;
  }
  return done;
}

/** Packs that one of two stores lacks, or has in another size, in the order of their ids. */
async function* differences(first: PackStore, second: PackStore): AsyncGenerator<PackStat> {
  const [mine, theirs] = [listPacks(first), listPacks(second)];
  let [a, b] = [await mine.next(), await theirs.next()];
  while (a.done !== true || b.done !== true) {
    if (b.done === true || (a.done !== true && a.value.id < b.value.id)) {
      if (a.done !== true) yield a.value;
      a = await mine.next();
    } else if (a.done === true || b.value.id < a.value.id) {
      yield b.value;
      b = await theirs.next();
    } else {
      if (a.value.sizeBytes !== b.value.sizeBytes) yield a.value;
      [a, b] = [await mine.next(), await theirs.next()];
    }
  }
}

/** What was removed from both while it was copied is not to come back. */
async function undoIfGone(from: PackStore, to: PackStore, id: PackId): Promise<void> {
  try {
    await from.stat(id);
  } catch (error) {
    if (!(error instanceof StoreError && error.kind === 'not_found')) throw error;
    await to.delete(id);
  }
}

/** Whether both have the pack by now, or neither: it was written a moment ago, or removed. */
async function isSettled(stores: readonly PackStore[], id: PackId): Promise<boolean> {
  const there = await Promise.all(
    stores.map((store) =>
      store.stat(id).then(
        ({ sizeBytes }) => sizeBytes,
        (error: unknown) => (isDamage(error) ? undefined : Promise.reject(error as Error)),
      ),
    ),
  );
  return there[0] === there[1];
}

/** Out of reach before damaged before missing: a pack may be whole where nobody could look. */
function worse(one: Error, other: Error): Error {
  const rank = (error: Error): number =>
    error instanceof StoreError ? ['not_found', 'corrupt', 'full', 'unavailable'].indexOf(error.kind) : 4;
  return rank(one) >= rank(other) ? one : other;
}

function isDamage(error: unknown): boolean {
  return error instanceof StoreError && (error.kind === 'corrupt' || error.kind === 'not_found');
}

function isRoom(error: unknown): boolean {
  return error instanceof StoreError && error.kind === 'full';
}
