import { requestedAt } from '../annotations.ts';
import { mergeConditions, type WantedCondition } from '../runtime/index.ts';
import { capacityOf, showBytes } from './measure-pool.ts';
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
  const { pool, spec, access, allocated, used, epochMs } = observed;
  const { generation = 0 } = pool.metadata;
  const before = pool.status;
  const conditions = poolConditions(passed).map((one) => ({
    ...one,
    message: one.message.slice(0, 4_096),
    observedGeneration: generation,
  }));
  const capacity = spec === undefined ? undefined : capacityOf(spec);
  const found = probe?.kind === 'qualified' && probe.features.length > 0 ? probe.features : before?.features;
  const token = failure === undefined && phase.kind !== 'working' ? requestedAt(pool) : before?.requestedAt;
  return {
    observedGeneration: generation,
    conditions: mergeConditions(before?.conditions, conditions, epochMs),
    ...(access === undefined ? {} : { bucket: `${access.bucket}${access.prefix === '' ? '' : `/${access.prefix.slice(0, -1)}`}` }),
    ...(found === undefined ? {} : { features: [...found].toSorted() }),
    ...(capacity === undefined ? {} : { capacity: showBytes(capacity) }),
    allocated: showBytes(allocated),
    used: showBytes(used),
    ...(token === undefined ? {} : { requestedAt: token }),
  };
}

function poolConditions(passed: PoolPassed): WantedCondition[] {
  const { observed, phase, probe, failure } = passed;
  if (phase.kind === 'paused')
    return [...keptOf(observed), condition('Paused', 'True', 'Annotated', 'the annotation driftbox.io/paused is "true"')];
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
  return probe === undefined ? keptOf(observed) : probed(probe);
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

function stalled(reason: string, message: string): WantedCondition[] {
  return [condition('Ready', 'False', 'Stalled', message), condition('Stalled', 'True', reason, message)];
}

function ending(): WantedCondition {
  return condition('Ready', 'False', 'Waiting', 'it is to be deleted');
}

/** What was said before; nothing of it has changed. */
function keptOf({ pool }: PoolObserved): WantedCondition[] {
  const before = pool.status?.conditions?.filter(({ type }) => type === 'Ready' || type === 'StorageReady') ?? [];
  return before.length > 0 ? [...before] : [condition('Ready', 'Unknown', 'Waiting', 'nobody has looked at it')];
}

function condition(type: string, status: WantedCondition['status'], reason: string, message: string): WantedCondition {
  return { type, status, reason, message };
}
