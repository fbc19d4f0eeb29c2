import { isPaused } from '../annotations.ts';
import { compareVersions } from '../catalogue.ts';
import type { CellObserved, Trouble } from './cell-observed.ts';
import type { Planned } from '../preview-made.ts';
import { cellFinalizer } from './cell.ts';
import { findUnsupported } from './find-unsupported.ts';
import { cellNames } from './names.ts';
import { planRotation } from './plan-rotation.ts';
import { volumeSizes } from './cell-releases.ts';
import { isGrowing } from '../workload.ts';

/** One step of a pass over a Cell; `execute-cell.ts` knows how each is taken. */
export type CellStep =
  | 'protect'
  | 'makeMasters'
  | 'certify'
  | 'certifyParts'
  | 'claimVolumes'
  | 'makeBase'
  /** Looks whether it was changed by hand, and changes it back. */
  | 'checkBase'
  | 'keepVolumes'
  | 'growVolumes'
  | 'releaseBackends'
  | 'migrate'
  | 'clearMigration'
  /** Gives Redis the passwords that it is to take. */
  | 'tellRedis'
  | 'releaseServices'
  | 'rotate'
  | 'freeVolumes'
  | 'deleteNamespace'
  | 'deleteMasters'
  /** What can be made again. */
  | 'deleteCertificates'
  | 'unprotect';

/** How far a Cell is, which is what its conditions say. */
export type CellPhase =
  | { readonly kind: 'done' | 'template' | 'paused' }
  /** The message says what is awaited. With `begins` it is kept that an upgrade has begun, and nothing was touched for it yet. */
  | { readonly kind: 'working'; readonly message: string; readonly begins?: true }
  | { readonly kind: 'failing' | 'inUse' | 'ending'; readonly message: string }
  | Planned
  | ({ readonly kind: 'stalled' } & Trouble);

/** What a pass does, in this order, and what it says afterwards; undefined where there is nothing left to look after. */
export type CellPlan = { readonly steps: readonly CellStep[]; readonly phase: CellPhase } | undefined;

/** So many tenants are named in a message; of the others only the number. */
const mostNamed = 10;

/** Decides what a pass over a Cell does. */
export function planCell(observed: CellObserved): CellPlan {
  const { cell } = observed;
  const isProtected = cell.metadata.finalizers?.includes(cellFinalizer) === true;
  if (cell.metadata.deletionTimestamp !== undefined) return isProtected ? planEnd(observed) : undefined;
  if (isPaused(cell)) return { steps: [], phase: { kind: 'paused' } };
  const first: CellStep[] = isProtected ? [] : ['protect'];
  const trouble = findTrouble(observed);
  if (trouble !== undefined) return { steps: first, phase: { kind: 'stalled', ...trouble } };
  if (observed.spec?.template === true) return { steps: first, phase: { kind: 'template' } };
  if (observed.upgrade.kind === 'begins')
    return { steps: first, phase: { kind: 'working', message: `its upgrade to ${observed.spec?.version} begins`, begins: true } };
  const { steps, message } = planWork(observed);
  const refusal = refusalOf(observed);
  if (refusal !== undefined) return { steps: [...first, ...steps], phase: { kind: 'failing', message: refusal } };
  return { steps: [...first, ...steps], phase: message === undefined ? { kind: 'done' } : { kind: 'working', message } };
}

/** What somebody has to change before anything is touched. What runs goes on running. */
function findTrouble(observed: CellObserved): Trouble | undefined {
  const { cell, spec, faults, versions, missing, namespace } = observed;
  if (spec === undefined) return { reason: 'InvalidSpec', message: faults.join('; ') };
  const unsupported = findUnsupported(spec);
  if (unsupported !== undefined) return { reason: 'Unsupported', message: unsupported };
  const runs = cell.status?.version;
  const unknown = [spec.version, runs].find((one) => one !== undefined && !versions.includes(one));
  if (unknown !== undefined) {
    const message = `this operator knows the versions ${versions.join(', ')}, and not ${unknown}${unknown === runs ? ', which runs' : ''}`;
    return { reason: 'VersionUnsupported', message };
  }
  if (runs !== undefined && compareVersions(spec.version, runs) < 0)
    return { reason: 'VersionUnsupported', message: `${runs} runs; data that it has written may be unknown to ${spec.version}` };
  if (namespace.kind === 'foreign')
    return { reason: 'NamespaceTaken', message: `the namespace ${cellNames(cell.metadata.name).namespace} is not this operator's` };
  return missing;
}

/** Steps from nothing to a cell that serves; the message says what is awaited, and is absent when nothing is. */
function planWork(observed: CellObserved): { readonly steps: readonly CellStep[]; readonly message: string | undefined } {
  const { master, certificate, inner, input, namespace, base, pool, migration, isDeep } = observed;
  if (master === undefined) return { steps: ['makeMasters'], message: 'its Secrets are being made' };
  if (certificate === 'due') return { steps: ['certify'], message: 'the certificate for its domain is being made' };
  if (inner === 'due') return { steps: ['certifyParts'], message: 'the certificates of its parts are being made' };
  if (namespace.kind === 'ending') return { steps: [], message: 'its namespace of before is still being removed' };
  if (input === undefined) return { steps: [], message: pool.message };
  const isMade = namespace.kind === 'ours' && namespace.base === base;
  // What pods have works, or did: what back ends of others refuse does not take its place.
  const isKept = refusalOf(observed) !== undefined && namespace.kind === 'ours' && namespace.base !== undefined;
  const steps: CellStep[] = [
    // Volumes of a namespace that is gone are bound again before anybody asks for new ones.
    ...(namespace.kind === 'absent' ? (['claimVolumes'] as const) : []),
    ...(isKept || (isMade && !isDeep) ? [] : ([isMade ? 'checkBase' : 'makeBase'] as const)),
    ...(grows(observed) ? (['growVolumes'] as const) : (['releaseBackends'] as const)),
    // Volumes are kept from the first pass after they are bound, long before all is ready.
    'keepVolumes',
  ];
  if (refusalOf(observed) !== undefined) return { steps, message: undefined };
  if (grows(observed)) return { steps, message: 'the volumes of its back ends are being made larger' };
  const { backendsRelease, cellRelease } = cellNames(observed.cell.metadata.name);
  const backends = comesAlong(observed) ? waitingFor(observed, backendsRelease) : undefined;
  if (backends !== undefined) return { steps, message: backends };
  if (migration === 'absent') return { steps: [...steps, 'migrate'], message: 'its databases are being brought up to date' };
  if (migration === 'failed') return { steps: [...steps, 'clearMigration'], message: 'the migration failed and is tried again' };
  if (migration === 'running') return { steps, message: 'its databases are being brought up to date' };
  if (!pool.isReady) return { steps, message: pool.message };
  const services = waitingFor(observed, cellRelease);
  if (observed.redis === 'due') steps.push('tellRedis');
  const rotates = planRotation(observed, services).kind === 'advances';
  return { steps: [...steps, 'releaseServices', ...(rotates ? (['rotate'] as const) : [])], message: services };
}

/** Why back ends of others do not let the cell in; undefined where they do. */
function refusalOf({ backends: { database, messaging } }: Pick<CellObserved, 'backends'>): string | undefined {
  const troubles = [database, messaging].filter((one) => one !== undefined);
  return troubles.length === 0 ? undefined : troubles.map(({ message }) => message).join('; ');
}

/** Whether a back end of its own is to get larger volumes, and has not. */
function grows({ spec, cell, workloads }: CellObserved): boolean {
  const sizes = spec === undefined ? {} : volumeSizes(cell.metadata.name, spec);
  return workloads.some((one) => isGrowing(one, sizes));
}

/** Whether the cell has any back end of its own. */
function comesAlong({ spec }: CellObserved): boolean {
  return [spec?.postgres, spec?.kafka, spec?.redis].some((part) => part?.external === undefined);
}

/** Which workloads of a release are awaited; undefined when all are ready. */
function waitingFor({ workloads }: CellObserved, release: string): string | undefined {
  const own = workloads.filter((one) => one.release === release);
  if (own.length === 0) return `${release} is being installed`;
  const awaited = own.filter(({ isReady }) => !isReady).map(({ name }) => name);
  return awaited.length === 0 ? undefined : `waiting for ${awaited.toSorted().join(', ')}`;
}

/** A Cell that is to go waits for its tenants; then its pods go, and its data if it says so. */
function planEnd(observed: CellObserved): CellPlan {
  const { cell, tenants, namespace } = observed;
  if (isPaused(cell)) return { steps: [], phase: { kind: 'paused' } };
  if (tenants.length > 0) return { steps: [], phase: { kind: 'inUse', message: `named by ${listed(tenants)}` } };
  const erases = erasesData(observed);
  const message = erases ? 'its pods, volumes and keys are being removed' : 'its pods are being removed; volumes and keys are kept';
  if (namespace.kind === 'ours')
    return { steps: [erases ? 'freeVolumes' : 'keepVolumes', 'deleteNamespace'], phase: { kind: 'ending', message } };
  if (namespace.kind === 'ending') return { steps: [], phase: { kind: 'ending', message } };
  return {
    steps: [...(erases ? (['deleteMasters'] as const) : []), 'deleteCertificates', 'unprotect'],
    phase: { kind: 'ending', message },
  };
}

/** Only a spec that is right, and says so, erases anything; protection means keeping, however it came to be deleted. */
export function erasesData({ spec }: Pick<CellObserved, 'spec'>): boolean {
  return spec?.deletionPolicy === 'Delete' && !spec.deletionProtection && !spec.template;
}

/** The same text for the same tenants, so that it is not written again for their order. */
function listed(tenants: readonly string[]): string {
  const sorted = tenants.toSorted();
  const more = sorted.length - mostNamed;
  return `${sorted.slice(0, mostNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
