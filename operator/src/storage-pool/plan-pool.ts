import { isPaused } from '../annotations.ts';
import type { Trouble } from '../cell/cell-observed.ts';
import type { Planned } from '../preview-made.ts';
import { poolNames } from '../cell/names.ts';
import type { PoolObserved } from './pool-observed.ts';
import { poolFinalizer } from './pool.ts';

/** One step of a pass over a StoragePool. `probe` tries the bucket and comes last: what it finds decides what is said. */
export type PoolStep =
  | 'protect'
  | 'makeMaster'
  | 'certify'
  | 'claimVolumes'
  | 'makeBase'
  | 'keepVolumes'
  | 'growVolumes'
  /** Its pods go, to begin anew together: those that speak TLS and those that do not make no server. */
  | 'stopServer'
  | 'release'
  | 'probe'
  | 'freeVolumes'
  | 'deleteNamespace'
  | 'deleteMaster'
  /** And what can be made again. */
  | 'forgetKeys'
  | 'unprotect';

/** How far a StoragePool is. `probing`: as the bucket answers. */
export type PoolPhase =
  | { readonly kind: 'probing' | 'paused' }
  | { readonly kind: 'working' | 'inUse' | 'ending'; readonly message: string }
  | Planned
  | ({ readonly kind: 'stalled' } & Trouble);

/** What a pass does, in this order; undefined where there is nothing left to look after. */
export type PoolPlan = { readonly steps: readonly PoolStep[]; readonly phase: PoolPhase } | undefined;

const mostNamed = 10;

/** Decides what a pass over a StoragePool does. */
export function planPool(observed: PoolObserved): PoolPlan {
  const { pool, spec, faults, missing, master, namespace } = observed;
  const { name, finalizers, deletionTimestamp } = pool.metadata;
  const isProtected = finalizers?.includes(poolFinalizer) === true;
  if (deletionTimestamp !== undefined) return isProtected ? planEnd(observed) : undefined;
  if (isPaused(pool)) return { steps: [], phase: { kind: 'paused' } };
  const steps: PoolStep[] = isProtected ? [] : ['protect'];
  if (spec === undefined) return { steps, phase: { kind: 'stalled', reason: 'InvalidSpec', message: faults.join('; ') } };
  if (missing !== undefined) return { steps, phase: { kind: 'stalled', ...missing } };
  if (spec.bundled !== undefined && namespace.kind === 'foreign') {
    const message = `the namespace ${poolNames(name).namespace} is not this operator's`;
    return { steps, phase: { kind: 'stalled', reason: 'NamespaceTaken', message } };
  }
  if (master === undefined) return { steps: [...steps, 'makeMaster'], phase: { kind: 'working', message: 'its keys are being made' } };
  if (spec.external !== undefined) return { steps: [...steps, 'probe'], phase: { kind: 'probing' } };
  return planServer(observed, steps);
}

/** A MinIO of ours is brought about before anybody asks its bucket. */
function planServer(observed: PoolObserved, before: readonly PoolStep[]): PoolPlan {
  const { bundled, certificate, namespace, base, serverIsReady, speaksOtherwise, isGrowing, isDeep } = observed;
  const first: PoolStep[] = [...before, ...(certificate === 'due' ? (['certify'] as const) : [])];
  const working = (message: string, steps: readonly PoolStep[] = []): PoolPlan => ({
    steps: [...first, ...steps],
    phase: { kind: 'working', message },
  });
  // One that ends in a month is still shown until the next pass.
  if (certificate === 'due' && bundled === undefined) return working('the certificate of its MinIO is being made');
  if (bundled === undefined) return working('this operator has no chart and image for MinIO');
  if (namespace.kind === 'ending') return working('its namespace of before is still being removed');
  const isMade = namespace.kind === 'ours' && namespace.base === base;
  const steps: PoolStep[] = [
    ...(namespace.kind === 'absent' ? (['claimVolumes'] as const) : []),
    ...(isMade && !isDeep ? [] : (['makeBase'] as const)),
    ...(speaksOtherwise && !isGrowing ? (['stopServer'] as const) : []),
    isGrowing ? 'growVolumes' : 'release',
    'keepVolumes',
  ];
  if (isGrowing) return working('its drives are being made larger', steps);
  if (speaksOtherwise) return working(`MinIO begins anew, ${bundled.master.byTls ? 'by' : 'without'} TLS`, steps);
  if (!serverIsReady) return working('waiting for MinIO', steps);
  return { steps: [...first, ...steps, 'probe'], phase: { kind: 'probing' } };
}

/**
 * A pool that is to go waits for whoever names it, and for the backups in it; packs stay unless it says otherwise, and in a bucket of
 * others always.
 */
function planEnd(observed: PoolObserved): PoolPlan {
  const { pool, users, backups, namespace } = observed;
  if (isPaused(pool)) return { steps: [], phase: { kind: 'paused' } };
  if (users.length + backups.length > 0) return { steps: [], phase: { kind: 'inUse', message: inUse(users, backups) } };
  const erases = erasesPacks(observed);
  const message = erases ? 'MinIO and its volumes are being removed' : 'its packs are kept';
  if (namespace.kind === 'ours')
    return { steps: [erases ? 'freeVolumes' : 'keepVolumes', 'deleteNamespace'], phase: { kind: 'ending', message } };
  if (namespace.kind === 'ending') return { steps: [], phase: { kind: 'ending', message } };
  return { steps: [...(erases ? (['deleteMaster'] as const) : []), 'forgetKeys', 'unprotect'], phase: { kind: 'ending', message } };
}

/** Only a MinIO of ours, whose spec says so and does not protect it, is erased. */
export function erasesPacks({ spec }: Pick<PoolObserved, 'spec'>): boolean {
  return spec?.bundled !== undefined && spec.deletionPolicy === 'Delete' && !spec.deletionProtection;
}

/** A backup is found, restored and removed by way of its pool. */
function inUse(users: readonly string[], backups: readonly string[]): string {
  const naming = users.length === 0 ? [] : [`named by ${listed(users)}`];
  const lying = backups.length === 0 ? [] : [`these TenantBackups lie in it, delete them first: ${listed(backups)}`];
  return [...naming, ...lying].join('; ');
}

function listed(users: readonly string[]): string {
  const sorted = users.toSorted();
  const more = sorted.length - mostNamed;
  return `${sorted.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
