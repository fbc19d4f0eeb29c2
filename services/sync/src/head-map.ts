import type { DriveId, TenantId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';
import { BoundedMap } from '@driftbox/service-kit';

type Known = {
  head: Head;
  /** How many hold this drive's head. */
  holders: number;
  /** Epochs that were replaced: a late hint of one is no news. */
  readonly past: string[];
};

const maxPast = 8;
const maxRecent = 50_000;
const recentMs = 10 * 60_000;

/**
 * How far drives go, as far as this process has heard: from metadata's list when somebody comes, then from hints and from
 * durable events, whichever is first. It only ever moves forward. Drives that somebody holds are kept; of all others the
 * newest are remembered for a while, so that a hint is not lost that comes while their list is on its way.
 */
export class HeadMap {
  readonly #held = new Map<string, Known>();
  readonly #recent = new BoundedMap<Head>(maxRecent);
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** True when the head is news and somebody holds the drive. */
  accept(tenantId: TenantId, head: Head): boolean {
    const key = driveKey(tenantId, head.drive);
    const known = this.#held.get(key);
    if (known !== undefined) return advance(known, head);
    const recent = this.#recent.get(key, this.#nowMs());
    if (recent === undefined || recent.driveEpoch !== head.driveEpoch || recent.seq < head.seq)
      this.#recent.set(key, head, this.#nowMs() + recentMs);
    return false;
  }

  /** Keeps this drive's head until it is released as often as it was held. */
  hold(tenantId: TenantId, head: Head): void {
    const key = driveKey(tenantId, head.drive);
    const known = this.#held.get(key);
    if (known !== undefined) {
      known.holders += 1;
      advance(known, head);
      return;
    }
    const recent = this.#recent.get(key, this.#nowMs());
    this.#recent.delete(key);
    const further = recent !== undefined && recent.driveEpoch === head.driveEpoch && recent.seq > head.seq;
    this.#held.set(key, { head: further ? recent : head, holders: 1, past: [] });
  }

  release(tenantId: TenantId, drive: DriveId): void {
    const key = driveKey(tenantId, drive);
    const known = this.#held.get(key);
    if (known === undefined) return;
    known.holders -= 1;
    if (known.holders > 0) return;
    this.#held.delete(key);
    this.#recent.set(key, known.head, this.#nowMs() + recentMs);
  }

  /** The head of a drive that somebody holds. */
  get(tenantId: TenantId, drive: DriveId): Head | undefined {
    return this.#held.get(driveKey(tenantId, drive))?.head;
  }

  /** Drives that are held. */
  get size(): number {
    return this.#held.size;
  }
}

/** A drive's name in this process's maps. */
export function driveKey(tenantId: TenantId, drive: DriveId): string {
  return `${tenantId} ${drive}`;
}

/** Epochs have no order: one never seen replaces the present one, one that was replaced never comes back. */
function advance(known: Known, head: Head): boolean {
  const { driveEpoch, seq } = known.head;
  if (head.driveEpoch === driveEpoch) {
    if (head.seq <= seq) return false;
  } else {
    if (known.past.includes(head.driveEpoch)) return false;
    known.past.push(driveEpoch);
    if (known.past.length > maxPast) known.past.shift();
  }
  known.head = head;
  return true;
}
