import type { DeviceId, DriveId, TenantId, UserId } from '@driftbox/domain';
import type { Head } from '@driftbox/protocol';

/** How far a device says that it has come in a drive. */
export type DeviceCursor = Head & {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  readonly atMs: number;
};

/** Writes cursors of one tenant, newest wins. */
export type WriteCursors = (tenantId: TenantId, cursors: readonly DeviceCursor[]) => Promise<void>;

type BookOptions = {
  readonly write: WriteCursors;
  /** How long reports are gathered before they are written; default 30,000 ms. */
  readonly writeEveryMs?: number | undefined;
  /** Reports held at most; default 20,000. What comes beyond that is left out: a device reports again as it goes on. */
  readonly maxWaiting?: number;
  /** Hears of every report: for a metric. */
  readonly onReport?: (tenantId: TenantId, cursor: Head) => void;
  readonly onError?: (error: unknown) => void;
  readonly nowMs?: () => number;
};

/** Most rows of one statement. */
const batchRows = 1_000;

/**
 * Gathers what devices report and writes it lazily, in batches, the newest of each device and drive alone. Nobody decides
 * by it: what is lost in a crash is told again. Nothing reported, nothing written.
 */
export class CursorBook {
  readonly #options: BookOptions;
  #waiting = new Map<string, DeviceCursor>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: BookOptions) {
    this.#options = options;
  }

  report(of: { readonly tenantId: TenantId; readonly userId: UserId; readonly deviceId: DeviceId }, heads: readonly Head[]): void {
    const { maxWaiting = 20_000, writeEveryMs = 30_000, nowMs = Date.now, onReport } = this.#options;
    for (const head of heads) {
      const { drive, driveEpoch, seq } = head;
      onReport?.(of.tenantId, head);
      const key = cursorKey(of.tenantId, of.deviceId, drive);
      if (this.#waiting.size >= maxWaiting && !this.#waiting.has(key)) continue;
      this.#waiting.set(key, { ...of, drive, driveEpoch, seq, atMs: nowMs() });
    }
    if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => void this.flush(), writeEveryMs).unref();
  }

  /** Reports that are not written yet. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Writes what waits, now; calls during a write wait for it and write what came meanwhile. Never throws. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#writeAll());
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [tenantId, cursors] of Map.groupBy(waiting.values(), (cursor) => cursor.tenantId)) {
      for (let at = 0; at < cursors.length; at += batchRows) {
        await this.#options.write(tenantId, cursors.slice(at, at + batchRows)).catch((error: unknown) => this.#options.onError?.(error));
      }
    }
  }
}

function cursorKey(tenantId: TenantId, deviceId: DeviceId, drive: DriveId): string {
  return `${tenantId} ${deviceId} ${drive}`;
}
