import type { PackId } from './pack-id.ts';
import { maxListLimit, type PackStat, type PackStore } from './pack-store.ts';

/** Every pack of a store, in the order of ids. */
export async function* listPacks(store: PackStore): AsyncGenerator<PackStat> {
  for (let after: PackId | undefined; ;) {
    const page = await store.list({ ...(after === undefined ? {} : { after }), limit: maxListLimit });
    yield* page.packs;
    after = page.next;
    if (after === undefined) return;
  }
}
