import { createHash } from 'node:crypto';
import type { PackId } from '@driftbox/chunk-store';
import type { Digest } from '@driftbox/domain';
import type { CollectionGround, Condemned, Copied, PackRow, Page } from '../collect/ground.ts';
import type { Place } from '../place.ts';
import { present } from '../present.ts';
import type { Turns } from './turns.ts';

type ChunkRow = { place: Place; condemnedAt: number | undefined; mark: string };
type PackState = PackRow & { readonly bornAt: number; live: number; dead: number; deadAt: number | undefined };

/** A digest for a word. */
export const digestOfName = (name: string): Digest => createHash('sha256').update(name).digest('hex') as Digest;

export const graceTime = 10;
export const frameBytes = 100;

/**
 * One tenant's rows and pool in memory: what statements do is one step each, as in the database; time passes only when told.
 * A pin is the exception that the database knows too: the statement looks at the chunks before others see its pin.
 */
export class MemoryTenant {
  readonly chunks = new Map<Digest, ChunkRow>();
  readonly packs = new Map<PackId, PackState>();
  /** What lies in the pool: the frames of each object. */
  readonly objects = new Map<PackId, readonly Place[]>();
  /** By holder: commits and uploads. */
  readonly pins = new Map<string, readonly Digest[]>();
  readonly proofs = new Map<string, Set<Digest>>();
  /** By revision. */
  readonly revisions = new Map<string, readonly Digest[]>();
  readonly ledger = { packBytes: 0, liveBytes: 0, packs: 0, chunks: 0 };
  now = 0;
  /** Statements that have looked, and whose writes nobody sees yet: time that ends a grace period does not pass meanwhile. */
  statementsInFlight = 0;
  #ids = 0;

  get referenced(): Set<Digest> {
    return new Set([...this.revisions.values()].flat());
  }

  #isHeld(digest: Digest): boolean {
    return [...this.pins.values()].some((pin) => pin.includes(digest)) || [...this.proofs.values()].some((proofs) => proofs.has(digest));
  }

  /** Writes one object, recorded nowhere. */
  write(digests: readonly Digest[]): { places: Place[]; pack: PackRow } {
    const packId = createHash('md5')
      .update(`${(this.#ids += 1)}`)
      .digest('hex') as PackId;
    const places = digests.map((digest, frame): Place => ({
      digest,
      packId,
      generation: 1,
      frame,
      offset: frame * frameBytes,
      length: frameBytes,
      plainSize: 80,
      encoding: 'raw',
    }));
    this.objects.set(packId, places);
    return { places, pack: { packId, generation: 1, sizeBytes: digests.length * frameBytes } };
  }

  /** The statement behind `recordChunks`. */
  record(places: readonly Place[], pack: PackRow): void {
    const won = places.filter(({ digest }) => !this.chunks.has(digest));
    for (const place of won) this.chunks.set(place.digest, { place, condemnedAt: undefined, mark: '' });
    this.#addPack(pack, won.length * frameBytes);
    this.ledger.liveBytes += won.length * frameBytes;
    this.ledger.chunks += won.length;
  }

  #addPack(pack: PackRow, live: number): void {
    this.packs.set(pack.packId, { ...pack, bornAt: this.now, live, dead: 0, deadAt: undefined });
    this.ledger.packBytes += pack.sizeBytes;
    this.ledger.packs += 1;
  }

  revive(digests: readonly Digest[]): Set<Digest> {
    const there = digests.filter((digest) => this.chunks.has(digest));
    for (const digest of there) present(this.chunks.get(digest), 'it is there').condemnedAt = undefined;
    return new Set(there);
  }

  #leave(packId: PackId, bytes: number): void {
    const pack = present(this.packs.get(packId), 'a chunk lies in a pack');
    pack.live -= bytes;
    pack.dead += bytes;
    if (pack.live === 0) pack.deadAt = this.now;
  }

  #page<T>(rows: readonly [string, T | undefined][], after: string | undefined, limit: number): Page<T, never> {
    const some = rows
      .filter(([key]) => after === undefined || key > after)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit);
    return { items: some.flatMap(([, item]) => (item === undefined ? [] : [item])), last: some.at(-1)?.[0] as never };
  }

  /** The tenant as a collector sees it. Each call takes a turn before its one step. */
  ground(turns: Turns): CollectionGround {
    const step = async <T>(run: () => T): Promise<T> => {
      await turns.take();
      return run();
    };
    const old = (since: number | undefined): boolean => since !== undefined && this.now - since > graceTime;
    const bornAt = ({ place }: ChunkRow) => this.packs.get(place.packId)?.bornAt;
    return {
      listIdle: (after, limit) =>
        step(() => {
          const idle = ([digest, row]: [Digest, ChunkRow]) => row.condemnedAt === undefined && old(bornAt(row)) && !this.#isHeld(digest);
          return this.#page(
            [...this.chunks].map((one) => [one[0], idle(one) ? one[0] : undefined]),
            after,
            limit,
          );
        }),
      listDue: (after, limit) =>
        step(() => {
          const condemned = [...this.chunks].filter(([, row]) => row.condemnedAt !== undefined);
          const due = ([digest, row]: [Digest, ChunkRow]): Condemned | undefined =>
            old(row.condemnedAt) && !this.#isHeld(digest) ? { digest, mark: row.mark } : undefined;
          return this.#page(
            condemned.map((one) => [one[0], due(one)]),
            after,
            limit,
          );
        }),
      findReferenced: (digests) => step(() => new Set(digests.filter((digest) => this.referenced.has(digest)))),
      condemn: (digests) => step(() => this.#condemn(digests)),
      reprieve: (digests) => step(() => void this.revive(digests)),
      remove: (condemned) => step(() => this.#remove(condemned)),
      listSparse: (after, limit) =>
        step(() => {
          const sparse = (pack: PackState) => old(pack.bornAt) && pack.live > 0 && pack.dead * 2 > pack.sizeBytes;
          return this.#page(
            [...this.packs].map(([id, pack]) => [id, sparse(pack) ? id : undefined]),
            after,
            limit,
          );
        }),
      listLive: (packId) => step(() => this.#live(packId)),
      copy: (places) =>
        step(() => {
          const { places: to, pack } = this.write(places.map(({ digest }) => digest));
          return { from: places, to, packs: [pack] };
        }),
      move: (copied) => step(() => this.#move(copied)),
      listDead: (limit) =>
        step(() =>
          [...this.packs.values()].filter((pack) => pack.live === 0 && old(pack.bornAt) && old(pack.deadAt ?? pack.bornAt)).slice(0, limit),
        ),
      discard: (packIds) => step(() => packIds.forEach((id) => this.objects.delete(id))),
      forget: (packIds) => step(() => this.#forget(packIds)),
    };
  }

  #condemn(digests: readonly Digest[]): number {
    const rows = digests.map((digest) => this.chunks.get(digest)).filter((row) => row !== undefined && row.condemnedAt === undefined);
    for (const row of rows) Object.assign(row!, { condemnedAt: this.now, mark: `${(this.#ids += 1)}` });
    return rows.length;
  }

  #remove(condemned: readonly Condemned[]): { count: number; bytes: number } {
    let count = 0;
    for (const { digest, mark } of condemned) {
      const row = this.chunks.get(digest);
      if (row?.condemnedAt === undefined || row.mark !== mark) continue;
      this.chunks.delete(digest);
      this.#leave(row.place.packId, frameBytes);
      count += 1;
    }
    this.ledger.liveBytes -= count * frameBytes;
    this.ledger.chunks -= count;
    return { count, bytes: count * frameBytes };
  }

  #live(packId: PackId): readonly Place[] | undefined {
    const live = ({ digest }: Place): boolean => {
      const row = this.chunks.get(digest);
      return row?.place.packId === packId && row.condemnedAt === undefined;
    };
    return this.objects.get(packId)?.filter(live);
  }

  #move({ from, to, packs }: Copied): number {
    let moved = 0;
    for (const [index, place] of from.entries()) {
      const row = this.chunks.get(place.digest);
      if (row?.place.packId !== place.packId || row.condemnedAt !== undefined) continue;
      row.place = present(to[index], 'it was copied');
      this.#leave(place.packId, frameBytes);
      moved += frameBytes;
    }
    for (const pack of packs) this.#addPack(pack, moved);
    return moved;
  }

  #forget(packIds: readonly PackId[]): { count: number; bytes: number } {
    const gone = packIds.map((id) => this.packs.get(id)).filter((pack) => pack?.live === 0);
    for (const pack of gone) this.packs.delete(pack!.packId);
    const bytes = gone.reduce((sum, pack) => sum + pack!.sizeBytes, 0);
    this.ledger.packBytes -= bytes;
    this.ledger.packs -= gone.length;
    return { count: gone.length, bytes };
  }

  /** Throws unless every referenced chunk can be read and the ledger equals the rows. */
  check(): void {
    for (const digest of this.referenced) {
      const place = this.chunks.get(digest)?.place;
      if (place === undefined) throw new Error('a referenced chunk was deleted');
      if (!this.objects.get(place.packId)?.some((frame) => frame.digest === digest))
        throw new Error('the pack of a referenced chunk is gone');
    }
    const packs = [...this.packs.values()];
    const counted = {
      packBytes: packs.reduce((sum, pack) => sum + pack.sizeBytes, 0),
      liveBytes: this.chunks.size * frameBytes,
      packs: packs.length,
      chunks: this.chunks.size,
    };
    if (JSON.stringify(counted) !== JSON.stringify(this.ledger)) throw new Error('the ledger differs from the rows');
  }
}
