import type { DriveId } from '@driftbox/domain';
import { headsDigest, type Head } from '@driftbox/protocol';

/** Every drive's head as the caller was last told, so that nobody is told the same thing twice. */
export class ToldHeads {
  #heads = new Map<DriveId, Head>();
  #isComplete = false;

  /** True when this hint is news. */
  take(head: Head): boolean {
    const told = this.#heads.get(head.drive);
    if (told !== undefined && told.driveEpoch === head.driveEpoch && told.seq >= head.seq) return false;
    this.#heads.set(head.drive, head);
    return true;
  }

  /** Takes the server's whole list over: what in it is news, and whether the drives are others than those of the last list. */
  takeAll(heads: readonly Head[]): { readonly news: readonly Head[]; readonly isOtherSet: boolean } {
    const before = this.#heads;
    const isOtherSet = this.#isComplete && (before.size !== heads.length || heads.some(({ drive }) => !before.has(drive)));
    const news = heads.filter(({ drive, driveEpoch, seq }) => {
      const told = before.get(drive);
      return told === undefined || told.driveEpoch !== driveEpoch || told.seq < seq;
    });
    // The server's word counts, also where it is behind: else the digests would never agree.
    this.#heads = new Map(heads.map((head) => [head.drive, head]));
    this.#isComplete = true;
    return { news, isOtherSet };
  }

  /** False while the drives that there are have not been heard, or may be others now. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The drives are others now: the next list is no surprise. */
  expectOtherSet(): void {
    this.#isComplete = false;
  }

  list(): readonly Head[] {
    return [...this.#heads.values()];
  }

  digest(): string {
    return headsDigest(this.#heads.values());
  }
}
