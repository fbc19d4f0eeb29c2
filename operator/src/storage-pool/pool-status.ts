import { requestedAt } from '../annotations.ts';
import { nothingPlanned, plannedMessage } from '../preview-made.ts';
import { mergeConditions, type WantedCondition } from '../runtime/index.ts';
import { hasMoved } from '../tenant/coarse-usage.ts';
import { capacityOf, showBytes } from './measure-pool.ts';
import { planMirror, type MirrorPhase } from './plan-mirror.ts';
import { erasesPacks, type PoolPhase } from './plan-pool.ts';
import type { PoolObserved } from './pool-observed.ts';
import type { PoolStatus } from './pool.ts';
import type { Probe } from './probe-bucket.ts';

/** What a pass over a StoragePool came to. */
export type PoolPassed = {
  readonly observed: PoolObserved;
  readonly phase: PoolPhase;
  readonly probe?: Probe | undefined;
  /** Why the pass could not take its steps; another follows. */
  readonly failure?: string | undefined;
};

/** The whole status of a StoragePool after a pass. */
export function poolStatus(passed: PoolPassed): PoolStatus {
  const { observed, probe, failure, phase } = passed;
  const { pool, spec, access, allocated, used, content, bundled, epochMs } = observed;
  const { generation = 0 } = pool.metadata;
  const before = pool.status;
  const mirroring = planMirror(observed);
  const conditions = poolConditions(passed, mirroring).map((one) => ({
    ...one,
    message: one.message.slice(0, 4_096),
    observedGeneration: generation,
  }));
  const capacity = spec === undefined ? undefined : capacityOf(spec);
  const found = probe?.kind === 'qualified' && probe.features.length > 0 ? probe.features : before?.features;
  const version = bundled?.version.version ?? before?.version;
  const token = failure === undefined && phase.kind !== 'working' ? requestedAt(pool) : before?.requestedAt;
  return {
    observedGeneration: generation,
    conditions: mergeConditions(before?.conditions, conditions, epochMs),
    ...(version === undefined ? {} : { version }),
    ...(access === undefined ? {} : { bucket: `${access.bucket}${access.prefix === '' ? '' : `/${access.prefix.slice(0, -1)}`}` }),
    ...mirrorOf(passed, mirroring),
    ...(found === undefined ? {} : { features: [...found].toSorted() }),
    ...(capacity === undefined ? {} : { capacity: showBytes(capacity) }),
    allocated: showBytes(allocated),
    used: before?.used === undefined || hasMoved(before.used, Number(used)) ? showBytes(used) : before.used,
    content,
    ...(phase.kind === 'planned' ? { plan: phase.plan } : {}),
    ...(token === undefined ? {} : { requestedAt: token }),
  };
}

/** What cells are told: they keep a mirror until another one, or none, is good. */
function mirrorOf({ observed, phase }: PoolPassed, mirroring: MirrorPhase): { readonly mirror?: string } {
  const before = observed.pool.status?.mirror;
  const isDecided = phase.kind === 'probing' && (mirroring.kind === 'used' || mirroring.kind === 'none');
  const now = mirroring.kind === 'used' ? mirroring.name : undefined;
  const mirror = isDecided ? now : before;
  return mirror === undefined ? {} : { mirror };
}

function poolConditions(passed: PoolPassed, mirroring: MirrorPhase): WantedCondition[] {
  const { observed, phase, probe, failure } = passed;
  if (phase.kind === 'paused')
    return [...keptOf(observed), condition('Paused', 'True', 'Annotated', 'the annotation driftbox.io/paused is "true"')];
  if (phase.kind === 'planned') return plannedConditions(observed, phase.plan);
  if (phase.kind === 'inUse') return [ending(), condition('Deleting', 'True', 'InUse', phase.message)];
  if (phase.kind === 'ending')
    return [ending(), condition('Deleting', 'True', erasesPacks(observed) ? 'Erasing' : 'Retaining', phase.message)];
  if (phase.kind === 'stalled') return stalled(phase.reason, phase.message);
  if (failure !== undefined)
    return [condition('Ready', 'False', 'Failing', failure), condition('Reconciling', 'True', 'Retrying', failure)];
  if (phase.kind === 'working')
    return [
      condition('Ready', 'False', 'Progressing', phase.message),
      condition('Reconciling', 'True', 'Progressing', phase.message),
      condition('StorageReady', 'False', 'Progressing', phase.message),
    ];
  return withMirror(probe === undefined ? keptOf(observed) : probed(probe), mirroring);
}

function plannedConditions(observed: PoolObserved, plan: string): WantedCondition[] {
  const kept = keptOf(observed);
  if (plan === nothingPlanned) return kept;
  return [condition('Ready', 'False', 'Waiting', plannedMessage), ...kept.filter(({ type }) => type !== 'Ready')];
}

/** What a bucket's answer means. */
function probed(probe: Probe): WantedCondition[] {
  if (probe.kind === 'foreign') return stalled('PoolForeign', `the bucket, at this prefix, belongs to ${probe.owner}`);
  if (probe.kind === 'qualified') {
    const message = 'the bucket is there and does what packs need';
    return [condition('Ready', 'True', 'Succeeded', message), condition('StorageReady', 'True', 'Qualified', message)];
  }
  const why = probe.kind === 'unreachable' ? probe.why : `the server lacks what packs need: ${probe.why}`;
  const reason = probe.kind === 'unreachable' ? 'Unreachable' : 'Failing';
  return [condition('Ready', 'False', 'Failing', why), condition('StorageReady', 'False', reason, why)];
}

/** A pool is ready once it is mirrored as its spec says; a mirror that is away later is told by a condition of its own. */
function withMirror(said: readonly WantedCondition[], mirroring: MirrorPhase): WantedCondition[] {
  const alone = said.filter(({ type }) => type !== 'MirrorReady');
  if (mirroring.kind === 'none') return alone;
  if (mirroring.kind === 'used') {
    const { name, isReady } = mirroring;
    const [here, away] = [
      `second copies go to the StoragePool ${name}`,
      `the StoragePool ${name} is not ready: there may be one copy only`,
    ];
    return [...alone, isReady ? condition('MirrorReady', 'True', 'Available', here) : condition('MirrorReady', 'False', 'Waiting', away)];
  }
  const { message } = mirroring;
  const isReady = alone.some(({ type, status }) => type === 'Ready' && status === 'True');
  const others = isReady ? alone.filter(({ type }) => type !== 'Ready') : alone;
  const waiting = [condition('Ready', 'False', 'Waiting', message)];
  const first = mirroring.kind === 'refused' ? stalled(mirroring.reason, message) : waiting;
  return [...(isReady ? first : []), ...others, condition('MirrorReady', 'False', 'Waiting', message)];
}

function stalled(reason: string, message: string): WantedCondition[] {
  return [condition('Ready', 'False', 'Stalled', message), condition('Stalled', 'True', reason, message)];
}

function ending(): WantedCondition {
  return condition('Ready', 'False', 'Waiting', 'it is to be deleted');
}

/** What was said before; nothing of it has changed. */
function keptOf({ pool }: PoolObserved): WantedCondition[] {
  const before = pool.status?.conditions?.filter(({ type }) => ['Ready', 'StorageReady', 'MirrorReady'].includes(type)) ?? [];
  return before.length > 0 ? [...before] : [condition('Ready', 'Unknown', 'Waiting', 'nobody has looked at it')];
}

function condition(type: string, status: WantedCondition['status'], reason: string, message: string): WantedCondition {
  return { type, status, reason, message };
}
