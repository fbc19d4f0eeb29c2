import type { SessionId, TenantId, UserId } from '@driftbox/domain';
import { BoundedMap } from './bounded-map.ts';

/** Knows which sessions and users were ended while their tokens still live, and which tenants are suspended. */
export type RevocationSource = {
  isRevoked(sessionId: SessionId, userId: UserId): boolean;
  isSuspended(tenantId: TenantId): boolean;
};

type Page = {
  readonly sessions: readonly SessionId[];
  readonly users: readonly UserId[];
  readonly tenants: readonly { readonly tenantId: TenantId; readonly suspended: boolean }[];
  readonly nextCursor: string;
};

type PollOptions = {
  /** Asks auth for what was ended after `cursor`, and for the tenants that were suspended or resumed. */
  readonly fetch: (cursor: string | undefined) => Promise<Page>;
  /** Default 2,000 ms: with the poll's own time a sign-out holds within 5 s. */
  readonly intervalMs?: number;
  /** The life of an access token; default 16 minutes, clocks' difference included. */
  readonly keepMs?: number;
  readonly onError?: (error: unknown) => void;
};

const maxRevocations = 200_000;

/** Polls auth's feed. While auth is away the last state goes on holding: nobody can sign out then either. */
export class PolledRevocations implements RevocationSource {
  readonly #options: PollOptions;
  readonly #ended = new BoundedMap<true>(maxRevocations);
  /** As many as a cell has tenants, at most. */
  readonly #suspended = new Set<TenantId>();
  #cursor: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;

  constructor(options: PollOptions) {
    this.#options = options;
  }

  isRevoked(sessionId: SessionId, userId: UserId): boolean {
    if (this.#ended.size === 0) return false;
    const nowMs = Date.now();
    return this.#ended.get(sessionId, nowMs) === true || this.#ended.get(userId, nowMs) === true;
  }

  isSuspended(tenantId: TenantId): boolean {
    return this.#suspended.has(tenantId);
  }

  /** Asks now; calls that overlap share one question. Throws what the fetch throws. */
  poll(): Promise<void> {
    this.#running ??= this.#ask().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Polls until `stop`, the first time at once. */
  start(): void {
    const turn = async (): Promise<void> => {
      await this.poll().catch((error: unknown) => this.#options.onError?.(error));
      if (this.#timer !== undefined) schedule(this.#options.intervalMs ?? 2_000);
    };
    const schedule = (waitMs: number): void => {
      this.#timer = setTimeout(() => void turn(), waitMs).unref();
    };
    schedule(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #ask(): Promise<void> {
    const page = await this.#options.fetch(this.#cursor);
    const untilMs = Date.now() + (this.#options.keepMs ?? 16 * 60_000);
    for (const id of page.sessions) this.#ended.set(id, true, untilMs);
    for (const id of page.users) this.#ended.set(id, true, untilMs);
    for (const { tenantId, suspended } of page.tenants) {
      if (suspended) this.#suspended.add(tenantId);
      else this.#suspended.delete(tenantId);
    }
    this.#cursor = page.nextCursor;
  }
}
