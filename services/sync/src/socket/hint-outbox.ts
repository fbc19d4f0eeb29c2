import type { DriveId } from '@driftbox/domain';
import type { Notice, ToldHead } from '@driftbox/protocol';

/** Where one socket's news goes out. */
export type Outlet = {
  /** False while what was sent last has not left this process yet. */
  readonly isFree: () => boolean;
  /** Calls back once when it is free again; not at all if the socket closes before. */
  readonly whenFree: (callback: () => void) => void;
  readonly sendHint: (head: ToldHead) => void;
  readonly sendDrives: (changed: readonly DriveId[]) => void;
  readonly sendNotice: (notice: Notice) => void;
};

/**
 * The news that one socket has not been sent yet: for each drive the newest hint alone, which drives came or went, and how much
 * is unread. It
 * leaves when what was sent before has left, so that a socket that takes nothing costs one hint for each of its drives,
 * whatever happens in them.
 */
export class HintOutbox {
  readonly #outlet: Outlet;
  readonly #hints = new Map<DriveId, ToldHead>();
  readonly #changed = new Set<DriveId>();
  #notice: Notice | undefined;
  #isWaiting = false;

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Drives with news that has not left yet. */
  get size(): number {
    return this.#hints.size + this.#changed.size;
  }

  offer(head: ToldHead): void {
    this.#hints.set(head.drive, head);
    this.#flush();
  }

  /** Drives that came or went; `gone` are those of them that are no longer the user's, and of which nothing more is told. */
  change(changed: readonly DriveId[], gone: readonly DriveId[]): void {
    for (const drive of gone) this.#hints.delete(drive);
    for (const drive of changed) this.#changed.add(drive);
    this.#flush();
  }

  /** So many notifications are unread: the newest count is all that matters. */
  notice(notice: Notice): void {
    this.#notice = notice;
    this.#flush();
  }

  #flush(): void {
    if (this.#isWaiting) return;
    if (!this.#outlet.isFree()) {
      this.#isWaiting = true;
      this.#outlet.whenFree(() => {
        this.#isWaiting = false;
        this.#flush();
      });
      return;
    }
    if (this.#changed.size > 0) this.#outlet.sendDrives([...this.#changed]);
    for (const head of this.#hints.values()) this.#outlet.sendHint(head);
    if (this.#notice !== undefined) this.#outlet.sendNotice(this.#notice);
    this.#notice = undefined;
    this.#changed.clear();
    this.#hints.clear();
  }
}
