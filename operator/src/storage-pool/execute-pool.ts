import assert from 'node:assert/strict';
import { requestedAt } from '../annotations.ts';
import { applyObject } from '../apply-object.ts';
import { poolNames } from '../cell/names.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { namespaceObject } from '../owned-namespace.ts';
import { expectOk, type Answer } from '../runtime/index.ts';
import { setFinalizer } from '../set-finalizer.ts';
import { growVolumes, reclaimVolumes, setReclaim } from '../volumes.ts';
import { poolBase } from './observe-pool.ts';
import { erasesPacks, type PoolStep } from './plan-pool.ts';
import type { PoolObserved } from './pool-observed.ts';
import type { PoolParts } from './pool-parts.ts';
import { driveSizes, poolNamespace, poolRelease } from './pool-release.ts';
import { certifyPool } from './pool-certificate.ts';
import { makePoolMaster } from './pool-secrets.ts';
import { forgetProven, keepProven } from './proven-keys.ts';
import { poolFinalizer, poolManager as manager, poolResource } from './pool.ts';
import type { Probe } from './probe-bucket.ts';

/** Takes the steps of a pass, one after another, and tells what the bucket answered if it was asked. Throws at the first that fails. */
export async function executePool(
  parts: PoolParts,
  observed: PoolObserved,
  steps: readonly PoolStep[],
  signal: AbortSignal,
): Promise<Probe | undefined> {
  let probe: Probe | undefined;
  for (const step of steps) {
    if (step === 'probe') probe = await tryBucket(parts, observed, signal);
    else await takers[step](parts, observed, signal);
  }
  return probe;
}

type Taker = (parts: PoolParts, observed: PoolObserved, signal: AbortSignal) => Promise<void>;

const finalizer = { kind: poolResource, manager, finalizer: poolFinalizer };

const takers: Readonly<Record<Exclude<PoolStep, 'probe'>, Taker>> = {
  protect: ({ api }, { pool }, signal) => setFinalizer(api, pool, { ...finalizer, isSet: true }, signal),
  unprotect: ({ api }, { pool }, signal) => setFinalizer(api, pool, { ...finalizer, isSet: false }, signal),
  makeMaster: ({ api, operatorNamespace }, { pool, beginsByTls }, signal) =>
    makePoolMaster(api, operatorNamespace, pool.metadata.name, beginsByTls, signal),
  async certify({ api, operatorNamespace, onChanged }, { pool, epochMs }, signal) {
    await certifyPool(api, operatorNamespace, pool.metadata.name, epochMs, signal);
    onChanged(pool.metadata.name);
  },
  growVolumes: ({ api }, { pool, spec, speaksOtherwise }, signal) =>
    growVolumes(api, namespaceOf(pool), driveSizes(pool.metadata.name, spec), signal, speaksOtherwise ? 'Background' : 'Orphan'),
  claimVolumes: ({ api }, { pool }, signal) => reclaimVolumes(api, namespaceOf(pool), signal),
  keepVolumes: ({ api }, observed, signal) =>
    setReclaim(api, namespaceOf(observed.pool), erasesPacks(observed) ? 'Delete' : 'Retain', signal),
  freeVolumes: ({ api }, { pool }, signal) => setReclaim(api, namespaceOf(pool), 'Delete', signal),
  async makeBase(parts, { bundled, base }, signal) {
    assert(bundled !== undefined, 'only a pool of ours has a namespace');
    for (const object of poolBase(parts, bundled)) await applyObject(parts.api, object, { manager, signal });
    await applyObject(parts.api, namespaceObject(poolNamespace(bundled.name, undefined), base), { manager, signal });
  },
  async stopServer({ api }, { pool }, signal) {
    const at = { namespace: namespaceOf(pool), name: `${poolNames(pool.metadata.name).release}-minio` };
    gone(await api.delete(kubeKinds.statefulSet, at, { signal, propagation: 'Background' }), 'stopping MinIO');
  },
  async release({ engine }, { bundled, isDeep }, signal) {
    assert(bundled !== undefined, 'only a pool of ours has a release');
    await engine.reconcile(poolRelease(bundled), { isRetryAsked: false, looksForDrift: isDeep, isUnwell: () => false, signal });
  },
  async deleteNamespace({ api }, { pool }, signal) {
    gone(await api.delete(kubeKinds.namespace, { name: namespaceOf(pool) }, { signal }), 'removing its namespace');
  },
  async forgetKeys({ api, operatorNamespace: namespace }, { pool }, signal) {
    await forgetProven(api, { namespace, pool: pool.metadata.name }, signal);
    const { certificate: name } = poolNames(pool.metadata.name);
    gone(await api.delete(kubeKinds.secret, { namespace, name }, { signal }), 'removing its certificate');
  },
  async deleteMaster({ api, operatorNamespace: namespace }, { pool }, signal) {
    const { master: name } = poolNames(pool.metadata.name);
    gone(await api.delete(kubeKinds.secret, { namespace, name }, { signal }), 'removing its keys');
  },
};

/** All of it where that was not done for this spec, or somebody asks; else whether it answers. Keys that are good are what pods get. */
async function tryBucket(parts: PoolParts, { pool, access, master }: PoolObserved, signal: AbortSignal): Promise<Probe | undefined> {
  if (access === undefined || master === undefined) return undefined;
  const { status, metadata } = pool;
  const isKnown = (status?.features?.length ?? 0) > 0 && status?.observedGeneration === metadata.generation;
  const probe = await parts.probe(access, { poolId: master.poolId, isFull: !isKnown || requestedAt(pool) !== status?.requestedAt });
  if (probe.kind !== 'qualified' || access.isBundled) return probe;
  const place = { namespace: parts.operatorNamespace, pool: metadata.name };
  if (await keepProven(parts.api, place, access, signal)) parts.onChanged(metadata.name);
  return probe;
}

function namespaceOf({ metadata }: PoolObserved['pool']): string {
  return poolNames(metadata.name).namespace;
}

function gone(answer: Answer<unknown>, doing: string): void {
  if (answer.kind !== 'notFound') expectOk(answer, doing);
}
