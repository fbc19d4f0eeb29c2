import { judge, storagePoolKind } from '@driftbox/resources';
import { requestedAt } from '../annotations.ts';
import type { NamespaceSeen } from '../cell/cell-observed.ts';
import { poolLabel, poolNames } from '../cell/names.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { pullSecretsIn, readPullSecrets, type PullSecretsSeen } from '../pull-secrets.ts';
import { baseAnnotation, baseObjects, digestOf, namespaceObject } from '../owned-namespace.ts';
import { expectOk, keyOf, type Api, type KubeObject } from '../runtime/index.ts';
import { isGrowing, workloadOf, type Workload, type WorkloadObject } from '../workload.ts';
import { allocatedTo, contentIn, usedIn } from './measure-pool.ts';
import { poolBucket } from './pool-bucket.ts';
import type { PoolObserved } from './pool-observed.ts';
import type { PoolParts } from './pool-parts.ts';
import { driveSizes, poolNamespace, poolSecret, type BundledPool } from './pool-release.ts';
import type { MirrorSeen } from './plan-mirror.ts';
import { createSeeOne } from './see-pool.ts';
import { poolVersion } from './pool-version.ts';
import { readCredentials, readPoolMaster } from './pool-secrets.ts';
import type { Pool, StoragePoolSpec } from './pool.ts';

/** Everything is looked at again this often, also what somebody may have changed by hand. */
const deepMs = 30 * 60_000;

/** Reads all that a pass over a StoragePool is decided on, and changes nothing. Throws `ApiRefused` where it cannot. */
export async function observePool(
  parts: PoolParts,
  pool: Pool,
  lastDeepMs: number | undefined,
  signal: AbortSignal,
): Promise<PoolObserved> {
  const { api, operatorNamespace, wallMs } = parts;
  const { name } = pool.metadata;
  const { status, ...told } = pool;
  const judgement = judge(storagePoolKind, told);
  const spec = judgement.ok ? (judgement.resource as { readonly spec: StoragePoolSpec }).spec : undefined;
  const master = await readPoolMaster(api, operatorNamespace, name, signal);
  const found = spec === undefined ? {} : await readCredentials(api, operatorNamespace, spec, signal);
  const isOwn = spec?.bundled !== undefined;
  const pulls: PullSecretsSeen = isOwn ? await readPullSecrets(api, parts.images, operatorNamespace, signal) : { secrets: [] };
  const bundled = bundledOf(parts, pool, spec, master, pulls.secrets);
  const namespace = await seeNamespace(api, name, signal);
  const server = namespace.kind === 'ours' ? await seeServer(api, name, signal) : undefined;
  const epochMs = wallMs();
  const isReady = status?.conditions?.some(({ type, status: truth }) => type === 'Ready' && truth === 'True') === true;
  const isAsked = requestedAt(pool) !== status?.requestedAt;
  const tenants = parts.tenants.find('pool', name);
  return {
    pool,
    spec,
    faults: judgement.ok ? [] : judgement.faults.map(({ path, message }) => `${path}: ${message}`),
    missing: found.missing ?? pulls.missing,
    master,
    access: spec && master ? poolBucket(name, spec, master, found.credentials) : undefined,
    mirror: spec?.mirror === undefined ? undefined : await seeMirror(parts, name, spec.mirror, signal),
    users: usersOf(parts, name),
    backups: parts.backups.find('pool', name).map(({ metadata }) => metadata.name),
    allocated: allocatedTo(tenants, (quota) => parts.quotas.get(keyOf({ name: quota }))),
    used: usedIn(name, tenants),
    content: contentIn(name, tenants),
    bundled,
    namespace,
    base: bundled === undefined ? '' : digestOf(poolBase(parts, bundled)),
    serverIsReady: server?.isReady === true,
    isGrowing: server !== undefined && isGrowing(server, driveSizes(name, spec)),
    isDeep: isReady && (isAsked || epochMs - (lastDeepMs ?? 0) >= deepMs),
    epochMs,
  };
}

/** The namespace of a pool of ours, and what is in it before MinIO runs, in the order in which it is made. */
export function poolBase(
  { operatorNamespace, account }: Pick<PoolParts, 'operatorNamespace' | 'account'>,
  bundled: BundledPool,
): KubeObject[] {
  const owned = poolNamespace(bundled.name, account === undefined ? undefined : { namespace: operatorNamespace, name: account });
  return [namespaceObject(owned), ...baseObjects(owned), poolSecret(bundled), ...pullSecretsIn(owned.name, bundled.pullSecrets)];
}

function bundledOf(
  { catalogue, cells, images, operatorNamespace }: PoolParts,
  { metadata: { name }, status }: Pool,
  spec: StoragePoolSpec | undefined,
  master: PoolObserved['master'],
  pullSecrets: BundledPool['pullSecrets'],
): BundledPool | undefined {
  const known = [status?.version, ...cells.find('pool', name).map((cell) => cell.status?.version)].filter((one) => one !== undefined);
  const version = poolVersion(catalogue, known);
  if (spec?.bundled === undefined || master === undefined || version?.images['minio'] === undefined) return undefined;
  return { name, bundled: spec.bundled, master, version, images, pullSecrets, operatorNamespace };
}

async function seeMirror(
  { api, operatorNamespace, pools }: PoolParts,
  pool: string,
  mirror: string,
  signal: AbortSignal,
): Promise<MirrorSeen> {
  const known = pools.get(keyOf({ name: mirror }));
  const { isReady, access } = await createSeeOne(api, operatorNamespace, pools)(mirror, signal);
  return {
    name: mirror,
    isThere: known !== undefined,
    isReady,
    access,
    hasMirror: Object(known?.spec).mirror !== undefined,
    mirrorOf: pools.find('mirror', pool).map(({ metadata }) => metadata.name),
  };
}

/** Also those who would have backups there later: they would wait for ever, a tenant that is to be erased among them. */
function usersOf({ pools, cells, tenants, schedules }: PoolParts, pool: string): string[] {
  return [
    ...named('pool', pools.find('mirror', pool)),
    ...named('cell', cells.find('pool', pool)),
    ...new Set(named('tenant', [...tenants.find('pool', pool), ...tenants.find('lastBackup', pool)])),
    ...named('backup schedule', schedules.find('pool', pool)),
  ];
}

function named(kind: string, objects: readonly KubeObject[]): string[] {
  return objects.map(({ metadata }) => `${kind} ${metadata.name}`);
}

async function seeNamespace(api: Api, pool: string, signal: AbortSignal): Promise<NamespaceSeen> {
  const { namespace } = poolNames(pool);
  const answer = await api.get<KubeObject>(kubeKinds.namespace, { name: namespace }, { signal });
  if (answer.kind === 'notFound') return { kind: 'absent' };
  const { metadata } = expectOk(answer, `looking at the namespace ${namespace}`);
  if (metadata.labels?.[poolLabel] !== pool) return { kind: 'foreign' };
  return metadata.deletionTimestamp === undefined ? { kind: 'ours', base: metadata.annotations?.[baseAnnotation] } : { kind: 'ending' };
}

async function seeServer(api: Api, pool: string, signal: AbortSignal): Promise<Workload | undefined> {
  const { namespace, release } = poolNames(pool);
  const answer = await api.get<WorkloadObject>(kubeKinds.statefulSet, { namespace, name: `${release}-minio` }, { signal });
  // Rights in a namespace that was just made may take a moment.
  return answer.kind === 'ok' ? workloadOf(answer.value) : undefined;
}
