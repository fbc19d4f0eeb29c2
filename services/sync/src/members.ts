import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import type { CountLookup } from '@driftbox/service-kit';
import { headsDigest, type Head } from '@driftbox/protocol';
import { driveKey, type HeadMap } from './head-map.ts';
import type { ListUserDrives } from './list-user-drives.ts';
import { memberKey, type Listener, type Member } from './member.ts';

/** What an index of members is made of. */
export type MembersOptions = {
  readonly heads: HeadMap;
  readonly listDrives: ListUserDrives;
  /** A member whom nobody listens for is kept this long, so that polls do not ask metadata each time; default 120,000 ms. */
  readonly lingerMs?: number;
  /** Before a list that could not be had is asked for again; default 1,000 ms, doubled each time up to 60,000. */
  readonly retryMs?: number;
  readonly onError?: (error: unknown) => void;
  readonly count?: CountLookup;
};

type Kept = Member & {
  loading: Promise<void> | undefined;
  /** Asked for while it was loading: what is on its way may be too old. */
  again: boolean;
  failures: number;
  timer: NodeJS.Timeout | undefined;
};

/** Everybody who is connected, by user and by drive. One question to metadata serves all connections of a user. */
export class Members {
  readonly #options: MembersOptions;
  readonly #byUser = new Map<string, Kept>();
  readonly #byDrive = new Map<string, Set<Kept>>();

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** The member, their drives loaded. Throws what asking metadata throws. A `join` should follow. */
  async load(tenantId: TenantId, userId: UserId, token: string): Promise<Member> {
    const key = memberKey(tenantId, userId);
    const known = this.#byUser.get(key);
    this.#options.count?.(known !== undefined);
    if (known !== undefined) {
      await known.loading;
      return known;
    }
    const member: Kept = {
      tenantId,
      userId,
      drives: [],
      listeners: new Set(),
      loading: undefined,
      again: false,
      failures: 0,
      timer: undefined,
    };
    this.#byUser.set(key, member);
    member.loading = this.#options.listDrives(token).then((heads) => void this.#take(member, heads));
    try {
      await member.loading;
    } catch (error) {
      this.#forget(member);
      throw error;
    } finally {
      member.loading = undefined;
    }
    this.#linger(member);
    this.#settle(member);
    return member;
  }

  /** Tells `listener` of everything from now on. False when the member was forgotten meanwhile: load it again. */
  join(member: Member, listener: Listener): boolean {
    const kept = this.#byUser.get(memberKey(member.tenantId, member.userId));
    if (kept !== member) return false;
    if (kept.listeners.size === 0) clearTimeout(kept.timer);
    kept.listeners.add(listener);
    return true;
  }

  leave(member: Member, listener: Listener): void {
    const kept = this.#byUser.get(memberKey(member.tenantId, member.userId));
    if (kept === undefined || !kept.listeners.delete(listener) || kept.listeners.size > 0) return;
    this.#linger(kept);
  }

  /** The members who may read a drive. */
  *ofDrive(tenantId: TenantId, drive: DriveId): Iterable<Member> {
    yield* this.#byDrive.get(driveKey(tenantId, drive)) ?? [];
  }

  ofUser(tenantId: TenantId, userId: UserId): Member | undefined {
    return this.#byUser.get(memberKey(tenantId, userId));
  }

  /** Where the drives of a member are. */
  headsOf({ tenantId, drives }: Member): Head[] {
    return drives.flatMap((drive) => this.#options.heads.get(tenantId, drive) ?? []);
  }

  /** Names the set of drives that a member may read. */
  tagOf({ drives }: Member): string {
    return headsDigest(drives.map((drive) => ({ drive, driveEpoch: '', seq: 0 })));
  }

  /**
   * Asks metadata again what the member may read, and tells their listeners what came or went. Never throws; calls during
   * one share the next.
   */
  refresh(member: Member): void {
    const kept = this.#byUser.get(memberKey(member.tenantId, member.userId));
    if (kept === undefined) return;
    const [listener] = kept.listeners;
    if (kept.loading !== undefined) kept.again = true;
    // Whoever comes next loads it anew.
    else if (listener === undefined) this.#forget(kept);
    else kept.loading = this.#reload(kept, listener.token());
  }

  get size(): number {
    return this.#byUser.size;
  }

  /** Ends the timers. */
  close(): void {
    for (const member of this.#byUser.values()) this.#forget(member);
  }

  async #reload(member: Kept, token: string): Promise<void> {
    const { listDrives, retryMs = 1_000, onError } = this.#options;
    try {
      const changed = this.#take(member, await listDrives(token));
      member.failures = 0;
      if (changed.length > 0) for (const listener of member.listeners) listener.drivesChanged(changed, member);
    } catch (error) {
      onError?.(error);
      const waitMs = Math.min(60_000, retryMs * 2 ** member.failures);
      member.failures += 1;
      clearTimeout(member.timer);
      member.timer = setTimeout(() => this.refresh(member), waitMs).unref();
    }
    member.loading = undefined;
    this.#settle(member);
  }

  #settle(member: Kept): void {
    if (!member.again) return;
    member.again = false;
    this.refresh(member);
  }

  /** Takes a list over; answers the drives that came or went. */
  #take(member: Kept, heads: readonly Head[]): DriveId[] {
    const { tenantId } = member;
    if (this.#byUser.get(memberKey(tenantId, member.userId)) !== member) return [];
    const before = new Set(member.drives);
    const now = new Set(heads.map(({ drive }) => drive));
    const gone = member.drives.filter((drive) => !now.has(drive));
    const came = heads.filter(({ drive }) => !before.has(drive));
    for (const head of heads) if (before.has(head.drive)) this.#options.heads.accept(tenantId, head);
    for (const head of came) {
      this.#options.heads.hold(tenantId, head);
      const key = driveKey(tenantId, head.drive);
      this.#byDrive.set(key, (this.#byDrive.get(key) ?? new Set()).add(member));
    }
    for (const drive of gone) this.#drop(member, drive);
    member.drives = [...now].sort();
    return [...gone, ...came.map(({ drive }) => drive)];
  }

  #drop(member: Kept, drive: DriveId): void {
    const key = driveKey(member.tenantId, drive);
    const members = this.#byDrive.get(key);
    members?.delete(member);
    if (members?.size === 0) this.#byDrive.delete(key);
    this.#options.heads.release(member.tenantId, drive);
  }

  #linger(member: Kept): void {
    clearTimeout(member.timer);
    member.timer = setTimeout(() => member.listeners.size === 0 && this.#forget(member), this.#options.lingerMs ?? 120_000).unref();
  }

  #forget(member: Kept): void {
    clearTimeout(member.timer);
    for (const drive of member.drives) this.#drop(member, drive);
    member.drives = [];
    this.#byUser.delete(memberKey(member.tenantId, member.userId));
  }
}
