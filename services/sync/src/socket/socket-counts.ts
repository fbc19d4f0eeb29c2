import type { TenantId, UserId } from '@driftbox/domain';
import { memberKey } from '../member.ts';

/** How many sockets may be open in one process. */
export type SocketLimits = { readonly all: number; readonly perTenant: number; readonly perUser: number };

/** Counts open sockets, and knows when there is no room for another. */
export class SocketCounts {
  readonly #limits: SocketLimits;
  readonly #byTenant = new Map<string, number>();
  readonly #byUser = new Map<string, number>();
  #all = 0;

  constructor(limits: SocketLimits) {
    this.#limits = limits;
  }

  get all(): number {
    return this.#all;
  }

  /** False when one more socket of this user would be too many, also where the tenant itself may have no more than `ofTenant`. */
  hasRoom(tenantId: TenantId, userId: UserId, ofTenant = Infinity): boolean {
    const { all, perTenant, perUser } = this.#limits;
    const open = this.#byTenant.get(tenantId) ?? 0;
    return this.#all < all && open < Math.min(perTenant, ofTenant) && (this.#byUser.get(memberKey(tenantId, userId)) ?? 0) < perUser;
  }

  add(tenantId: TenantId, userId: UserId): void {
    this.#count(tenantId, userId, 1);
  }

  remove(tenantId: TenantId, userId: UserId): void {
    this.#count(tenantId, userId, -1);
  }

  #count(tenantId: TenantId, userId: UserId, by: 1 | -1): void {
    this.#all += by;
    change(this.#byTenant, tenantId, by);
    change(this.#byUser, memberKey(tenantId, userId), by);
  }
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
