import type { Digest, EntryId } from '@driftbox/domain';

/** Where an entry stands. */
export type Place = { readonly parentId: EntryId; readonly name: string };

/** A file's content of one chunk. */
export type Content = { readonly digest: Digest; readonly sizeBytes: number };

/** What an acknowledged operation did to an entry; only what it changed is set. */
export type Deed = {
  readonly rev: number;
  readonly seq: number;
  readonly content?: Content;
  readonly place?: Place;
  readonly trashed?: boolean;
  readonly purged?: boolean;
};

/** What an entry must be once nothing is in flight. */
export type Expected = {
  readonly rev: number;
  readonly content: Content;
  readonly place: Place;
  readonly trashed: boolean;
  readonly purged: boolean;
};

type Kept = { readonly deeds: Map<number, Deed>; leaving: boolean };

/** Everything that was acknowledged in one drive, by whichever device: the memory that the server is held against. */
export class Ledger {
  readonly #entries = new Map<EntryId, Kept>();
  readonly #seqs = new Map<number, EntryId>();
  readonly #wrong: string[] = [];
  #bytes = 0;

  /** Takes what was acknowledged. What cannot be true of one journal is kept as wrong: a rev or a seq that two operations got. */
  acknowledge(entryId: EntryId, deed: Deed): void {
    const kept = this.#entries.get(entryId) ?? { deeds: new Map<number, Deed>(), leaving: false };
    this.#entries.set(entryId, kept);
    if (kept.deeds.has(deed.rev)) this.#wrong.push(`revision ${deed.rev} of ${entryId} was acknowledged for two operations`);
    const taken = this.#seqs.get(deed.seq);
    if (taken !== undefined) this.#wrong.push(`seq ${deed.seq} was acknowledged for ${taken} and for ${entryId}`);
    this.#seqs.set(deed.seq, entryId);
    kept.deeds.set(deed.rev, deed);
    this.#bytes += deed.content?.sizeBytes ?? 0;
  }

  /** From now on what the entry held may be gone: somebody is about to ask for that. */
  leave(entryId: EntryId): void {
    const kept = this.#entries.get(entryId);
    if (kept !== undefined) kept.leaving = true;
  }

  isLeaving(entryId: EntryId): boolean {
    return this.#entries.get(entryId)?.leaving ?? false;
  }

  /** Contents that must be readable, with the revision that has each; nothing of an entry that is leaving. */
  contents(entryId: EntryId): { readonly rev: number; readonly content: Content }[] {
    const kept = this.#entries.get(entryId);
    if (kept === undefined || kept.leaving) return [];
    return [...kept.deeds.values()].flatMap(({ rev, content }) => (content === undefined ? [] : [{ rev, content }]));
  }

  /** What an entry must be by what was acknowledged; `undefined` while its making is not. */
  expected(entryId: EntryId): Expected | undefined {
    const deeds = [...(this.#entries.get(entryId)?.deeds.values() ?? [])].sort((a, b) => a.rev - b.rev);
    let state: Partial<Expected> = { trashed: false, purged: false };
    for (const { rev, content, place, trashed, purged } of deeds) {
      state = {
        rev,
        content: content ?? state.content,
        place: place ?? state.place,
        trashed: trashed ?? state.trashed ?? false,
        purged: purged ?? state.purged ?? false,
      };
    }
    const { rev, content, place } = state;
    return rev === undefined || content === undefined || place === undefined ? undefined : (state as Expected);
  }

  /** Entries as far as is known, by whether they lie in the trash; without those that leave. */
  known(trashed: boolean): EntryId[] {
    return [...this.#entries].filter(([id, { leaving }]) => !leaving && this.expected(id)?.trashed === trashed).map(([id]) => id);
  }

  get entries(): EntryId[] {
    return [...this.#entries.keys()];
  }

  /** How many operations were acknowledged, and the bytes of content in them. */
  get acknowledged(): number {
    return this.#seqs.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get highestSeq(): number {
    return Math.max(0, ...this.#seqs.keys());
  }

  get wrong(): readonly string[] {
    return this.#wrong;
  }
}
