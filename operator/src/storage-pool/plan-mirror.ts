import type { Trouble } from '../cell/cell-observed.ts';
import type { PoolAccess } from './pool-access.ts';
import type { PoolObserved } from './pool-observed.ts';

/** What is known of the pool that another names as its mirror. */
export type MirrorSeen = {
  readonly name: string;
  readonly isThere: boolean;
  readonly isReady: boolean;
  readonly access: PoolAccess | undefined;
  /** It names a mirror of its own. */
  readonly hasMirror: boolean;
  /** Names of the pools that name the first one as their mirror. */
  readonly mirrorOf: readonly string[];
};

/**
 * How far a pool is with its mirror. One that was `used` once stays so whatever becomes of it: services do without it while it is away.
 * While it is `awaited`, or cannot be one, cells go on with what they had.
 */
export type MirrorPhase =
  | { readonly kind: 'none' }
  | { readonly kind: 'used'; readonly name: string; readonly isReady: boolean }
  | { readonly kind: 'awaited'; readonly message: string }
  | ({ readonly kind: 'refused' } & Trouble);

/** Decides whether packs of a pool are to be mirrored in the one that its spec names. */
export function planMirror({ pool, access, mirror }: Pick<PoolObserved, 'pool' | 'access' | 'mirror'>): MirrorPhase {
  if (mirror === undefined) return { kind: 'none' };
  const { name, isThere, isReady, hasMirror, mirrorOf } = mirror;
  if (pool.status?.mirror === name) return { kind: 'used', name, isReady };
  const refused = (reason: string, why: string): MirrorPhase => ({ kind: 'refused', reason, message: `spec.mirror: ${why}` });
  const [first] = mirrorOf.toSorted();
  if (first !== undefined) return refused('MirrorRefused', `this is the mirror of the StoragePool ${first}, and can have none itself`);
  if (!isThere) return refused('ReferenceMissing', `there is no StoragePool ${name}`);
  if (hasMirror) return refused('MirrorRefused', `the StoragePool ${name} has a mirror itself`);
  if (access !== undefined && mirror.access !== undefined && placeOf(access) === placeOf(mirror.access))
    return refused('MirrorRefused', `the StoragePool ${name} is the same place: a second copy is to lie elsewhere`);
  return isReady ? { kind: 'used', name, isReady } : { kind: 'awaited', message: `waiting for the StoragePool ${name}, its mirror` };
}

function placeOf({ endpoint, bucket, prefix }: PoolAccess): string {
  return `${endpoint} ${bucket} ${prefix}`;
}
