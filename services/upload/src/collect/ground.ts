import type { PackId } from '@driftbox/chunk-store';
import type { Digest } from '@driftbox/domain';
import type { Place } from '../place.ts';

/** A chunk that was condemned, and by which condemnation: a later one has another mark. */
export type Condemned = { readonly digest: Digest; readonly mark: string };
/** Some of a walk in order; `last` is where the next page begins, absent at the end. */
export type Page<T, At> = { readonly items: readonly T[]; readonly last?: At | undefined };
/** A pack as its row says, in bytes. */
export type PackRow = { readonly packId: PackId; readonly generation: number; readonly sizeBytes: number };
/** What was removed for good. */
export type Removed = { readonly count: number; readonly bytes: number };
/** Chunks that were written once more, by their digests' order in `from`. */
export type Copied = { readonly from: readonly Place[]; readonly to: readonly Place[]; readonly packs: readonly PackRow[] };

/**
 * What collection of one tenant works with. Each call is one atomic step, and between two of them anything may happen: a
 * commit, a purge, another collector, the end of this process.
 */
export type CollectionGround = {
  /**
   * Among the next chunks after a digest: those that are not condemned, lie in packs older than the grace period, and are
   * held by neither a pin nor a proof.
   */
  listIdle(after: Digest | undefined, limit: number): Promise<Page<Digest, Digest>>;
  /** Among the next condemned chunks: those whose grace period is over and that nothing holds. */
  listDue(after: Digest | undefined, limit: number): Promise<Page<Condemned, Digest>>;
  /** Which of these a retained revision of any drive references, as of some moment after the call. */
  findReferenced(digests: readonly Digest[]): Promise<ReadonlySet<Digest>>;
  /** Lets these count as missing until they are proven again. Answers how many were not condemned before. */
  condemn(digests: readonly Digest[]): Promise<number>;
  /** Takes condemnations back. */
  reprieve(digests: readonly Digest[]): Promise<void>;
  /** Deletes the chunks that still stand under the same condemnation; their bytes are dead from then on. */
  remove(condemned: readonly Condemned[]): Promise<Removed>;
  /** The next packs after an id that are older than the grace period and more than half dead, but not wholly. */
  listSparse(after: PackId | undefined, limit: number): Promise<Page<PackId, PackId>>;
  /** Where the chunks lie that this pack holds and that are not condemned; `undefined`: the pack does not say, it is damaged. */
  listLive(packId: PackId): Promise<readonly Place[] | undefined>;
  /** Writes chunks into new packs, durably, and nothing else. */
  copy(places: readonly Place[]): Promise<Copied>;
  /** Lets chunks lie where they were copied to, unless they were moved, condemned or deleted meanwhile. Answers their bytes. */
  move(copied: Copied): Promise<number>;
  /** Packs in which no chunk has lain for so long that nobody reads them any more. */
  listDead(limit: number): Promise<readonly PackRow[]>;
  /** Removes the objects; safe to repeat. */
  discard(packIds: readonly PackId[]): Promise<void>;
  /** Removes the rows of packs whose objects are gone. */
  forget(packIds: readonly PackId[]): Promise<Removed>;
};
