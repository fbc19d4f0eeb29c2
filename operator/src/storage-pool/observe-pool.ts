import { judge, storagePoolKind } from '@driftbox/resources';
import { requestedAt } from '../annotations.ts';
import type { CatalogueVersion } from '../catalogue.ts';
import type { NamespaceSeen } from '../cell/cell-observed.ts';
import { speaksTls } from '../version-abilities.ts';
import { poolLabel, poolNames } from '../cell/names.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { pullSecretsIn, readPullSecrets, type PullSecretsSeen } from '../pull-secrets.ts';
import { baseAnnotation, baseObjects, digestOf, namespaceObject } from '../owned-namespace.ts';
import { expectOk, keyOf, type Api, type KubeObject } from '../runtime/index.ts';
import { isGrowing, workloadOf, type Workload, type WorkloadObject } from '../workload.ts';
import { allocatedTo, contentIn, usedIn } from './measure-pool.ts';
import { poolBucket } from './pool-bucket.ts';
import { isGoodForPool } from './pool-certificate.ts';
import type { PoolObserved } from './pool-observed.ts';
import type { PoolParts } from './pool-parts.ts';
import { driveSizes, poolNamespace, poolSecrets, type BundledPool } from './pool-release.ts';
import type { MirrorSeen } from './plan-mirror.ts';
import { createSeeOne } from './see-pool.ts';
import { poolVersion } from './pool-version.ts';
import { readPoolKeys, readPoolMaster, type KeysSeen } from './pool-secrets.ts';
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
  const found: KeysSeen = spec === undefined ? {} : await readPoolKeys(api, operatorNamespace, name, spec, master, signal);
  const isOwn = spec?.bundled !== undefined;
  const pulls: PullSecretsSeen = isOwn ? await readPullSecrets(api, parts.images, operatorNamespace, signal) : { secrets: [] };
  const byTls = master?.byTls === true;
  const version = versionOf(parts, pool, byTls);
  const bundled = bundledOf(parts, { name, spec, master, version, certificate: found.certificate, pullSecrets: pulls.secrets });
  const namespace = await seeNamespace(api, name, signal);
  const server = namespace.kind === 'ours' ? await seeServer(api, name, signal) : undefined;
  const epochMs = wallMs();
  const shown = found.certificate;
  parts.certificates.see(metricOf(name), {
    people: { maker: 'operator', all: [] },
    cell: { maker: 'operator', all: shown === undefined ? [] : [shown.certificate] },
  });
  const isReady = status?.conditions?.some(({ type, status: truth }) => type === 'Ready' && truth === 'True') === true;
  const isAsked = requestedAt(pool) !== status?.requestedAt;
  // Whose MinIO somebody has removed is not ready before it is made again.
  const isLost = namespace.kind === 'ours' && namespace.base !== undefined && server === undefined;
  const tenants = parts.tenants.find('pool', name);
  return {
    pool,
    spec,
    faults: judgement.ok ? [] : judgement.faults.map(({ path, message }) => `${path}: ${message}`),
    missing: found.missing ?? pulls.missing,
    master,
    access: spec && master ? poolBucket(name, spec, master, found.keys) : undefined,
    mirror: spec?.mirror === undefined ? undefined : await seeMirror(parts, name, spec.mirror, signal),
    users: usersOf(parts, name),
    backups: parts.backups.find('pool', name).map(({ metadata }) => metadata.name),
    allocated: allocatedTo(tenants, (quota) => parts.quotas.get(keyOf({ name: quota }))),
    used: usedIn(name, tenants),
    content: contentIn(name, tenants),
    bundled,
    // What is there already goes on as it is.
    beginsByTls: isOwn && version !== undefined && speaksTls(version.version) && (namespace.kind !== 'ours' || server?.byTls === true),
    certificate: !isOwn || !byTls ? 'foreign' : shown !== undefined && isGoodForPool(name, shown, epochMs) ? 'good' : 'due',
    namespace,
    base: bundled === undefined ? '' : digestOf(poolBase(parts, bundled)),
    serverIsReady: server?.workload.isReady === true,
    speaksOtherwise: server !== undefined && server.byTls !== byTls,
    isGrowing: server !== undefined && isGrowing(server.workload, driveSizes(name, spec)),
    isDeep: isLost || (isReady && (isAsked || epochMs - (lastDeepMs ?? 0) >= deepMs)),
    epochMs,
  };
}

/** The namespace of a pool of ours, and what is in it before MinIO runs, in the order in which it is made. */
export function poolBase(
  { operatorNamespace, account }: Pick<PoolParts, 'operatorNamespace' | 'account'>,
  bundled: BundledPool,
): KubeObject[] {
  const owned = poolNamespace(bundled.name, account === undefined ? undefined : { namespace: operatorNamespace, name: account });
  return [namespaceObject(owned), ...baseObjects(owned), ...poolSecrets(bundled), ...pullSecretsIn(owned.name, bundled.pullSecrets)];
}

/** What its MinIO is to be of; the chart of 0.1.0 knows no TLS. */
function versionOf({ catalogue, cells }: PoolParts, { metadata: { name }, status }: Pool, byTls: boolean): CatalogueVersion | undefined {
  const known = [status?.version, ...cells.find('pool', name).map((cell) => cell.status?.version)].filter((one) => one !== undefined);
  const able = byTls ? catalogue.filter(({ version }) => speaksTls(version)) : catalogue;
  return poolVersion(able, known);
}

type Pieces = Pick<BundledPool, 'name' | 'certificate' | 'pullSecrets'> & {
  readonly spec: StoragePoolSpec | undefined;
  readonly master: PoolObserved['master'];
  readonly version: CatalogueVersion | undefined;
};

function bundledOf({ images, operatorNamespace }: PoolParts, { spec, master, version, ...pieces }: Pieces): BundledPool | undefined {
  if (spec?.bundled === undefined || master === undefined || version?.images['minio'] === undefined) return undefined;
  if (master.byTls && pieces.certificate === undefined) return undefined;
  return { ...pieces, bundled: spec.bundled, master, version, images, operatorNamespace };
}

/** By which name the certificate of a pool is told of beside those of cells. */
export function metricOf(pool: string): string {
  return `pool/${pool}`;
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

/** How far MinIO is, and whether it was made to speak TLS. */
async function seeServer(api: Api, pool: string, signal: AbortSignal): Promise<{ workload: Workload; byTls: boolean } | undefined> {
  const { namespace, release } = poolNames(pool);
  const answer = await api.get<WorkloadObject>(kubeKinds.statefulSet, { namespace, name: `${release}-minio` }, { signal });
  // Rights in a namespace that was just made may take a moment.
  if (answer.kind !== 'ok') return undefined;
  const { volumes = [] } = answer.value.spec?.template?.spec ?? {};
  return { workload: workloadOf(answer.value), byTls: volumes.some(({ name }) => name === 'tls') };
}
