import { judge, storagePoolKind } from '@driftbox/resources';
import type { Trouble } from '../cell/cell-observed.ts';
import { keyOf, type Api, type Cache } from '../runtime/index.ts';
import type { PoolAccess } from './pool-access.ts';
import { poolBucket } from './pool-bucket.ts';
import { readPoolKeys, readPoolMaster } from './pool-secrets.ts';
import { readProven } from './proven-keys.ts';
import type { Pool, StoragePoolSpec } from './pool.ts';

/** What somebody who wants to store packs sees of a pool. */
export type PoolSeen = {
  readonly isReady: boolean;
  /** Why it is not, or which it is. */
  readonly message: string;
  /** Known before it is ready. */
  readonly access?: PoolAccess;
  /** Where a second copy of everything goes, if that is wanted. */
  readonly mirror?: PoolAccess;
  readonly missing?: Trouble;
};

/** Sees a pool by its name. Throws `ApiRefused` where the API server does not say. */
export type SeePool = (pool: string, signal: AbortSignal) => Promise<PoolSeen>;

/** Sees pools, with their mirrors, as the operator's own StoragePool controller has left them. */
export function createSeePool(api: Api, operatorNamespace: string, pools: Pick<Cache<Pool>, 'get'>): SeePool {
  const seeOne = createSeeOne(api, operatorNamespace, pools);
  return async (name, signal): Promise<PoolSeen> => {
    const seen = await seeOne(name, signal);
    const mirror = pools.get(keyOf({ name }))?.status?.mirror;
    if (mirror === undefined || seen.access === undefined) return seen;
    // It need not be ready: services do without it for a while. Whoever cannot tell where it is leaves everything as it was.
    const second = await seeOne(mirror, signal);
    if (second.access === undefined) return { isReady: false, message: `waiting for the StoragePool ${mirror}, the mirror of ${name}` };
    return { ...seen, mirror: second.access };
  };
}

/** Sees a pool by itself, without its mirror. */
export function createSeeOne(api: Api, operatorNamespace: string, pools: Pick<Cache<Pool>, 'get'>): SeePool {
  return async (name, signal): Promise<PoolSeen> => {
    const pool = pools.get(keyOf({ name }));
    if (pool === undefined) {
      const message = `spec.pools: there is no StoragePool ${name}`;
      return { isReady: false, message, missing: { reason: 'ReferenceMissing', message } };
    }
    const waits = { isReady: false, message: `waiting for the StoragePool ${name}` };
    const { status, ...told } = pool;
    const judgement = judge(storagePoolKind, told);
    const master = await readPoolMaster(api, operatorNamespace, name, signal);
    if (!judgement.ok || master === undefined) return waits;
    const { spec } = judgement.resource as { readonly spec: StoragePoolSpec };
    // Other keys are for pods once the pool's own controller has tried them; before any were, those that are named.
    const place = { namespace: operatorNamespace, pool: name };
    const proven = spec.external === undefined ? undefined : await readProven(api, place, signal);
    const keys = proven ?? (await readPoolKeys(api, operatorNamespace, name, spec, master, signal)).keys;
    const access = poolBucket(name, spec, master, keys);
    if (access === undefined) return waits;
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    const isReady = ready?.status === 'True' && ready.observedGeneration === pool.metadata.generation;
    if (isReady) return { isReady, message: `packs go to the StoragePool ${name}`, access };
    const why = ready?.reason === 'Failing' ? `: ${ready.message}` : '';
    return { isReady, message: `${waits.message}${why}`, access };
  };
}
