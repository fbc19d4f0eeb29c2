import assert from 'node:assert/strict';
import { clearJob, startJob, versionOf, type ExecuteParts } from '../backup/execute-backup.ts';
import type { ObserveParts } from '../backup/observe-backup.ts';
import { runPlan } from '../backup/run-plan.ts';
import { taskStatus } from '../backup/task-status.ts';
import type { Follow, Following } from '../kind-parts.ts';
import { Cache, Controller, keyOf, type ControllerOptions, type EventRecorder, type Reconcile, type Reconciled } from '../runtime/index.ts';
import { sayStatus } from '../say-status.ts';
import { tracePass } from '../trace-pass.ts';
import { observeRestore } from './observe-restore.ts';
import { planRestore, type RestoreStep } from './plan-restore.ts';
import { restoreManager, restoreResource, type RestoreObserved, type TenantRestore } from './tenant-restore.ts';

type RestoreParts = ExecuteParts & ObserveParts & { readonly events: Pick<EventRecorder, 'record'> };

/** What looks after TenantRestores. */
export function createRestores(
  parts: RestoreParts,
  follow: Follow,
  control: (name: string) => Omit<ControllerOptions, 'reconcile'>,
): { readonly controller: Controller; readonly reflectors: readonly Following[] } {
  const restores = new Cache<TenantRestore>();
  const reconcile = tracePass('TenantRestore', reconcileRestore(parts, restores));
  const controller = new Controller({ ...control('tenantrestore'), reconcile });
  const reflector = follow<TenantRestore, never>({
    kind: restoreResource,
    cache: restores,
    onChange: ({ type, object }) => controller.add(keyOf(object.metadata), type === 'added' ? 'low' : 'normal'),
  });
  return { controller, reflectors: [reflector] };
}

function reconcileRestore(parts: RestoreParts, restores: Pick<Cache<TenantRestore>, 'get'>): Reconcile {
  const saying = { ...parts, kind: restoreResource, manager: restoreManager };
  return async (key, { signal }): Promise<Reconciled> => {
    const restore = restores.get(key);
    if (restore === undefined) return { kind: 'gone' };
    const observed = await observeRestore(parts, restore, signal);
    const plan = planRestore(observed);
    if (plan === undefined) return { kind: 'gone' };
    return runPlan(plan, {
      take: (step) => execute(parts, observed, step, signal),
      say: (failure) => sayStatus(saying, restore, taskStatus(restore, plan.phase, plan.facts, observed.epochMs, failure), signal),
      signal,
    });
  };
}

async function execute(parts: RestoreParts, observed: RestoreObserved, step: RestoreStep, signal: AbortSignal): Promise<void> {
  const { restore, spec, source, target } = observed;
  const { api, operatorNamespace: namespace, images } = parts;
  if (step === 'clear') return clearJob(api, namespace, restore.status?.tenantId ?? '', signal);
  assert(spec !== undefined && source.kind === 'found' && target.kind === 'found', 'a Job is started when all is known');
  const { destination, ...known } = source.value;
  assert('bucket' in destination, 'and its bucket too');
  const { tenantId, cell } = target.value;
  return startJob(
    parts,
    restoreResource,
    restore,
    {
      ...known,
      task: 'restore',
      bucket: destination.bucket,
      cell,
      into: { tenantId, replace: spec.replace },
      version: await versionOf(parts, cell, signal),
      images,
    },
    signal,
  );
}
