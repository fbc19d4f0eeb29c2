import type { TenantId } from '@driftbox/domain';

const windowMs = 60_000;
const mostTenants = 100_000;

/** How many deliveries of a tenant leave this process in a minute. */
export class RateWindow {
  readonly #most: number;
  readonly #counts = new Map<TenantId, number>();
  #endsMs = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Takes one; answers how long to wait, 0 where it was taken. */
  take(tenantId: TenantId, nowMs: number): number {
    // A clock that was set back would make the window endless.
    if (nowMs >= this.#endsMs || this.#endsMs > nowMs + windowMs || this.#counts.size > mostTenants) {
      this.#counts.clear();
      this.#endsMs = nowMs + windowMs;
    }
    const taken = this.#counts.get(tenantId) ?? 0;
    if (taken >= this.#most) return this.#endsMs - nowMs;
    this.#counts.set(tenantId, taken + 1);
    return 0;
  }
}
