import { generateDataKey, StoreError, type DataKey, type KeyManager } from '@driftbox/chunk-store';
import type { TenantId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { Problem } from '@driftbox/protocol';
import { addDataKey } from './store/add-data-key.ts';
import { readDataKeys } from './store/read-data-keys.ts';
import { present } from './present.ts';

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
  readonly #known = new Map<TenantId, Promise<Known>>();

  constructor(database: Database, manager: KeyManager, nowMs: () => number) {
    this.#database = database;
    this.#manager = manager;
    this.#nowMs = nowMs;
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

  /** Drops what is held of a tenant's keys. */
  forget(tenantId: TenantId): void {
    this.#known.delete(tenantId);
  }

  /** Drops what is held of all tenants but these. */
  keepOnly(tenants: ReadonlySet<TenantId>): void {
    for (const tenantId of this.#known.keys()) if (!tenants.has(tenantId)) this.forget(tenantId);
  }

  async #keysOf(tenantId: TenantId, good: (known: Known) => boolean): Promise<Known> {
    const held = this.#known.get(tenantId);
    if (held !== undefined) {
      const known = await held;
      if (good(known)) return known;
    }
    if (this.#known.get(tenantId) === held) {
      this.#forgetOldest();
      const reading = this.#read(tenantId, held).catch(asUnavailable);
      this.#known.set(tenantId, reading);
      reading.catch(() => {
        if (this.#known.get(tenantId) === reading) this.#known.delete(tenantId);
      });
    }
    return present(this.#known.get(tenantId), 'it is being read');
  }

  /** What was unwrapped before is not unwrapped again: it never changes, and the key manager may be away. */
  async #read(tenantId: TenantId, before: Promise<Known> | undefined): Promise<Known> {
    const known = (await before?.catch(() => undefined))?.keys;
    let kept = await readDataKeys(this.#database, tenantId);
    if (kept.length === 0) {
      const wrapped = await this.#manager.wrap(generateDataKey(tenantId, 1));
      await addDataKey(this.#database, tenantId, { generation: 1, ...wrapped });
      kept = await readDataKeys(this.#database, tenantId);
    }
    const keys = new Map<number, DataKey>();
    for (const { generation, keyGeneration, bytes } of kept) {
      const held = known?.get(generation);
      keys.set(generation, held ?? (await this.#manager.unwrap({ tenant: tenantId, generation }, { keyGeneration, bytes })));
    }
    const newest = present([...keys.values()].at(-1), 'a key was made when there was none');
    return { keys, newest, readAtMs: this.#nowMs() };
  }

  #forgetOldest(): void {
    for (const oldest of this.#known.keys()) {
      if (this.#known.size < mostTenants) break;
      this.#known.delete(oldest);
    }
  }
}

/**
 * Whatever is wrong with a key, the bytes under it are neither there nor damaged as far as anybody can tell: what the key
 * manager says must not pass for something that a pack says.
 */
function asUnavailable(error: unknown): never {
  if (!(error instanceof StoreError)) throw error;
  throw new Problem('unavailable', "The tenant's keys are not available at the moment", { retryAfterSeconds: 5, cause: error });
}
