import type { DataKey, KeyManager } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import type { CountLookup } from '@driftbox/service-kit';
import { addDataKey } from '../store/add-data-key.ts';
import { readDataKeys, type KeptKey } from '../store/read-data-keys.ts';
import { present } from '../present.ts';
import { makeKept, openKept } from './kept-data-key.ts';
import { keysUnavailable } from './key-problem.ts';

const mostTenants = 10_000;
const renewMs = 60_000;

type Known = { readonly keys: ReadonlyMap<number, DataKey>; readonly newest: DataKey; readonly readAtMs: number };

/**
 * The tenants' data keys, unwrapped in memory only. A tenant without one gets its first when it first needs it; of
 * several makers the one whose row won decides. A generation added elsewhere is used for new packs within a minute.
 */
export class TenantKeys {
  readonly #database: Database;
  readonly #manager: KeyManager;
  readonly #nowMs: () => number;
  readonly #count: CountLookup;
  readonly #known = new Map<TenantId, Known>();
  readonly #reading = new Map<TenantId, Promise<Known>>();

  /** `nowMs` is what ages are measured by; default a clock that nobody can set. */
  constructor(database: Database, manager: KeyManager, nowMs: () => number = () => performance.now(), count: CountLookup = () => {}) {
    this.#database = database;
    this.#manager = manager;
    this.#nowMs = nowMs;
    this.#count = count;
  }

  /** The key that new packs are encrypted under. */
  async newest(tenantId: TenantId): Promise<DataKey> {
    return (await this.#keysOf(tenantId, (known) => this.#nowMs() - known.readAtMs < renewMs)).newest;
  }

  /** The key of a generation. Throws when there is none: a pack names it, so it must exist. */
  async of(tenantId: TenantId, generation: number): Promise<DataKey> {
    const key = (await this.#keysOf(tenantId, ({ keys }) => keys.has(generation))).keys.get(generation);
    if (key === undefined) throw new Error(`tenant ${tenantId} has no data key of generation ${generation}`);
    return key;
  }

  /** Sees to it that the tenant has a key, without opening one that is there. */
  async ensure(tenantId: TenantId): Promise<void> {
    await this.#kept(tenantId).catch(keysUnavailable);
  }

  /** Drops what is held of a tenant's keys. */
  forget(tenantId: TenantId): void {
    this.#known.delete(tenantId);
    this.#reading.delete(tenantId);
  }

  /** Drops what is held of all tenants but these. */
  keepOnly(tenants: ReadonlySet<TenantId>): void {
    for (const tenantId of this.#known.keys()) if (!tenants.has(tenantId)) this.forget(tenantId);
  }

  /** What is known stays known when reading again fails or takes long: the key manager may be away. */
  async #keysOf(tenantId: TenantId, good: (known: Known) => boolean): Promise<Known> {
    const known = this.#known.get(tenantId);
    const isHit = known !== undefined && good(known);
    this.#count(isHit);
    if (isHit) return known;
    const begun = this.#reading.get(tenantId);
    if (begun !== undefined) return begun;
    const reading = this.#read(tenantId, known).catch(keysUnavailable);
    this.#reading.set(tenantId, reading);
    try {
      const read = await reading;
      if (this.#reading.get(tenantId) === reading) {
        this.#forgetOldest();
        this.#known.set(tenantId, read);
      }
      return read;
    } finally {
      if (this.#reading.get(tenantId) === reading) this.#reading.delete(tenantId);
    }
  }

  /** What was unwrapped before is not unwrapped again: it never changes. */
  async #read(tenantId: TenantId, before: Known | undefined): Promise<Known> {
    const keys = new Map<number, DataKey>();
    for (const kept of await this.#kept(tenantId)) {
      const { generation } = kept;
      keys.set(generation, before?.keys.get(generation) ?? (await openKept(this.#manager, { tenant: tenantId, generation }, kept)));
    }
    const newest = present([...keys.values()].at(-1), 'a key was made when there was none');
    return { keys, newest, readAtMs: this.#nowMs() };
  }

  /** The rows of the tenant's keys, the first of which is made if there is none. */
  async #kept(tenantId: TenantId): Promise<KeptKey[]> {
    const kept = await readDataKeys(this.#database, tenantId);
    if (kept.length > 0) return kept;
    await addDataKey(this.#database, tenantId, await makeKept(this.#manager, tenantId, 1));
    return readDataKeys(this.#database, tenantId);
  }

  #forgetOldest(): void {
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < mostTenants) break;
      this.#known.delete(oldest);
    }
  }
}
