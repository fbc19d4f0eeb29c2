import { cellKind, judge, type CellSpec } from '@driftbox/resources';
import { isPaused, requestedAt } from '../annotations.ts';
import { endOfJob, type Job } from '../job.ts';
import { kubeKinds } from '../kube-kinds.ts';
import { baseObjects, baseAnnotation, digestOf, namespaceObject, type OwnedNamespace } from '../owned-namespace.ts';
import { expectOk, type Api, type KubeObject } from '../runtime/index.ts';
import { textOf } from '../secret.ts';
import { pullSecretsIn, readPullSecrets } from '../pull-secrets.ts';
import { seeKafka } from './delegated-kafka.ts';
import { seePostgres } from './delegated-postgres.ts';
import { lacking, readCopied, readSecret } from './read-copied.ts';
import { readKeys } from './read-keys.ts';
import type { PoolSeen } from '../storage-pool/see-pool.ts';
import { speaksTls } from '../version-abilities.ts';
import { workloadOf, type Workload, type WorkloadObject } from '../workload.ts';
import type { CellInput } from './cell-input.ts';
import type { CellObserved, CertificateSeen, MigrationSeen, NamespaceSeen, Trouble } from './cell-observed.ts';
import { isGoodFor } from './cell-authority.ts';
import type { CellParts } from './cell-parts.ts';
import { cellSecrets } from './cell-secrets.ts';
import { areGood, innerIn } from './inner-certificates.ts';
import type { Cell } from './cell.ts';
import { migrationJob, migrationPolicy } from './migration-job.ts';
import { cellLabel, cellNames } from './names.ts';
import { isComplete, type Master } from './master-secret.ts';
import type { Upgrade } from './plan-upgrade.ts';
import { seeRedis } from './redis-passwords.ts';
import { rotationOf } from './rotation.ts';
import { seeHolders } from './see-holders.ts';
import { findMissingOperator, findVolumesLeft } from './see-operators.ts';

/** Everything is looked at again this often, also what somebody may have changed by hand. */
const deepMs = 30 * 60_000;

/** Secrets that a cell's spec names, or that were made for it. */
type Found = {
  readonly missing?: Trouble;
  readonly keys?: CellInput['keys'];
  readonly tls?: CellInput['tls'];
  readonly certificate?: CertificateSeen;
  readonly inner?: CellInput['inner'];
  readonly copied?: CellInput['copied'];
  readonly pullSecrets?: CellInput['pullSecrets'];
};

/** Reads all that a pass over a Cell is decided on, and changes nothing. Throws `ApiRefused` where it cannot. */
export async function observeCell(
  parts: CellParts,
  cell: Cell,
  upgrade: Upgrade,
  lastDeepMs: number | undefined,
  signal: AbortSignal,
): Promise<CellObserved> {
  const { api, catalogue, tenants, wallMs } = parts;
  const { name } = cell.metadata;
  // The status is ours: whatever is in it says nothing against the spec.
  const { status, ...told } = cell;
  const judgement = judge(cellKind, told);
  const spec = judgement.ok ? (judgement.resource as { readonly spec: CellSpec }).spec : undefined;
  const wanted = upgrade.kind === 'waits' ? status?.version : spec?.version;
  const version = catalogue.find((one) => one.version === wanted);
  const { namespace } = cellNames(name);
  const seen = await seeNamespace(api, name, signal);
  const master = await readMaster(parts, name, signal);
  const pool = spec === undefined ? { isReady: false, message: '' } : await parts.seePool(spec.pools[0] ?? '', signal);
  const found: Found = spec === undefined ? {} : await findSecrets(parts, name, spec, signal);
  const maker = spec !== undefined && hasOwnAuthority(spec) ? 'operator' : 'administrator';
  parts.certificates.see(name, {
    people: { maker, all: [found.tls?.certificate ?? ''] },
    cell: { maker: 'operator', all: shownIn(found) },
  });
  const isOurs = seen.kind === 'ours';
  const delegated: DelegatedSeen = spec === undefined ? {} : await seeDelegated(api, name, spec, seen, signal);
  const copied = { ...found.copied, ...delegated.copied };
  const input = spec && version && master ? inputOf(parts, { name, spec, version, master, found, pool, copied }) : undefined;
  const missing = found.missing ?? delegated.trouble;
  const isWorkedOn = cell.metadata.deletionTimestamp === undefined && !isPaused(cell) && missing === undefined;
  const epochMs = wallMs();
  // One that only waits for its upgrade is as well as one that is ready.
  const isWell = status?.conditions?.some(
    ({ type, status: truth, reason }) => type === 'Ready' && (truth === 'True' || reason === 'Waiting'),
  );
  const isAsked = requestedAt(cell) !== status?.requestedAt;
  const workloads = [...(isOurs ? await seeWorkloads(api, namespace, signal) : []), ...(delegated.workloads ?? [])];
  const { phase, since = '' } = rotationOf(master ?? {});
  return {
    cell,
    spec,
    faults: judgement.ok ? [] : judgement.faults.map(({ path, message }) => `${path}: ${message}`),
    tenants: tenants.find('cell', name).map(({ metadata }) => metadata.name),
    upgrade,
    version,
    versions: catalogue.map((one) => one.version),
    missing: pool.missing ?? missing,
    master,
    certificate: found.certificate ?? 'foreign',
    inner: seenInner(name, version, found.inner, epochMs),
    namespace: seen,
    pool,
    backends: input !== undefined && isWorkedOn ? await parts.tryBackends(input) : {},
    input,
    base: input === undefined ? '' : digestOf(baseOf(parts, input)),
    migration: input !== undefined && isOurs ? await seeMigration(api, migrationJob(input), signal) : 'absent',
    workloads,
    holders: isOurs && phase !== undefined ? await seeHolders(api, parts.operatorNamespace, name, since, signal) : undefined,
    redis: isOurs && phase !== undefined && input !== undefined ? await seeRedis(parts.reachRedis, input) : undefined,
    isDeep: isWell === true && (isAsked || epochMs - (lastDeepMs ?? 0) >= deepMs),
    epochMs,
  };
}

/** The namespace of a cell, and what is in it before anything runs, in the order in which it is made. */
export function baseOf({ operatorNamespace, account }: Pick<CellParts, 'operatorNamespace' | 'account'>, input: CellInput): KubeObject[] {
  const owned = ownedOf(input, account === undefined ? undefined : { namespace: operatorNamespace, name: account });
  const pulls = pullSecretsIn(owned.name, input.pullSecrets ?? []);
  return [namespaceObject(owned), ...baseObjects(owned), migrationPolicy(input), ...cellSecrets(input), ...pulls];
}

/** The namespace of a cell as it is to be. */
export function ownedOf({ name, spec }: CellInput, account: OwnedNamespace['account']): OwnedNamespace {
  return { name: cellNames(name).namespace, label: { name: cellLabel, value: name }, size: spec.profile, account };
}

type Pieces = {
  readonly name: string;
  readonly spec: CellSpec;
  readonly version: CellInput['version'];
  readonly master: Master;
  readonly found: Found;
  readonly pool: PoolSeen;
  readonly copied: NonNullable<CellInput['copied']>;
};

function inputOf({ operatorNamespace, images }: CellParts, pieces: Pieces): CellInput | undefined {
  const { name, spec, version, master, found, pool, copied } = pieces;
  if (found.keys === undefined || pool.access === undefined) return undefined;
  return {
    name,
    spec,
    master,
    keys: found.keys,
    tls: found.tls,
    inner: speaksTls(version.version) ? found.inner : undefined,
    copied,
    version,
    pool: pool.access,
    mirror: pool.mirror,
    images,
    pullSecrets: found.pullSecrets ?? [],
    operatorNamespace,
  };
}

async function seeNamespace(api: Api, cell: string, signal: AbortSignal): Promise<NamespaceSeen> {
  const { namespace } = cellNames(cell);
  const answer = await api.get<KubeObject>(kubeKinds.namespace, { name: namespace }, { signal });
  if (answer.kind === 'notFound') return { kind: 'absent' };
  const { metadata } = expectOk(answer, `looking at the namespace ${namespace}`);
  if (metadata.labels?.[cellLabel] !== cell) return { kind: 'foreign' };
  return metadata.deletionTimestamp === undefined ? { kind: 'ours', base: metadata.annotations?.[baseAnnotation] } : { kind: 'ending' };
}

/** Undefined until everything in it was made. */
async function readMaster({ api, operatorNamespace }: CellParts, cell: string, signal: AbortSignal): Promise<Master | undefined> {
  const secret = await readSecret(api, operatorNamespace, cellNames(cell).master, signal);
  const master = secret === undefined ? undefined : textOf(secret);
  return master !== undefined && isComplete(master) ? master : undefined;
}

async function findSecrets(
  { api, operatorNamespace, images, wallMs }: CellParts,
  cell: string,
  spec: CellSpec,
  signal: AbortSignal,
): Promise<Found> {
  const keys = await readKeys(api, operatorNamespace, cell, spec, signal);
  const troubles = [...keys.troubles];
  const isOwn = hasOwnAuthority(spec);
  const certificate = isOwn ? cellNames(cell).tlsMaster : spec.tls?.secret;
  const pair = certificate === undefined ? undefined : await readSecret(api, operatorNamespace, certificate, signal);
  if (certificate !== undefined && !isOwn) troubles.push(lacking('spec.tls.secret', certificate, pair, ['tls.crt', 'tls.key']));
  const inside = await readSecret(api, operatorNamespace, cellNames(cell).inner, signal);
  const copied = await readCopied(api, operatorNamespace, spec, signal);
  const pulls = await readPullSecrets(api, images, operatorNamespace, signal);
  troubles.push(...copied.troubles, pulls.missing);
  const missing = troubles.find((one) => one !== undefined);
  const { 'tls.crt': crt, 'tls.key': key, 'ca.crt': authority } = pair === undefined ? {} : textOf(pair);
  const isGood = isGoodFor(crt ?? '', authority ?? '', [spec.domain ?? ''], wallMs());
  return {
    certificate: isOwn ? (isGood ? 'good' : 'due') : 'foreign',
    inner: inside === undefined ? undefined : innerIn(textOf(inside)),
    copied: copied.values,
    pullSecrets: pulls.secrets,
    ...(missing === undefined ? {} : { missing }),
    ...(keys.files === undefined ? {} : { keys: keys.files }),
    ...(crt === undefined || key === undefined ? {} : { tls: { certificate: crt, key, authority } }),
  };
}

/** True where the gateway itself is what people reach, and nobody brought a certificate for it. */
export function hasOwnAuthority({ tls, expose, template }: Pick<CellSpec, 'tls' | 'expose' | 'template'>): boolean {
  return tls === undefined && expose.service !== undefined && !template;
}

/** By what the parts of a cell know one another, where its version does. */
function seenInner(cell: string, version: CellObserved['version'], inner: CellInput['inner'], epochMs: number): CertificateSeen {
  if (version === undefined || !speaksTls(version.version)) return 'foreign';
  return inner !== undefined && areGood(cell, inner, epochMs) ? 'good' : 'due';
}

function shownIn({ inner }: Found): string[] {
  return inner === undefined ? [] : Object.values(inner.leaves).map(({ certificate }) => certificate);
}

async function seeMigration(api: Api, { metadata }: KubeObject, signal: AbortSignal): Promise<MigrationSeen> {
  const answer = await api.get<Job>(kubeKinds.job, metadata, { signal });
  if (answer.kind === 'notFound') return 'absent';
  const ended = endOfJob(expectOk(answer, `looking at the Job ${metadata.name}`));
  if (ended === undefined) return 'running';
  return ended.type === 'Complete' ? 'succeeded' : 'failed';
}

/** What operators of others run for a cell, with the authorities that they have made for that, or what keeps them from it. */
type DelegatedSeen = {
  readonly trouble?: Trouble | undefined;
  readonly workloads?: readonly Workload[];
  readonly copied?: NonNullable<CellInput['copied']>;
};

async function seeDelegated(api: Api, cell: string, spec: CellSpec, seen: NamespaceSeen, signal: AbortSignal): Promise<DelegatedSeen> {
  if (seen.kind !== 'ours' && seen.kind !== 'absent') return {};
  // Its rights there come with what is made first.
  const looks = seen.kind === 'ours' && seen.base !== undefined;
  const { namespace } = cellNames(cell);
  const postgres = looks && spec.postgres.delegated !== undefined ? await seePostgres(api, namespace, signal) : {};
  const kafka = looks && spec.kafka.delegated !== undefined ? await seeKafka(api, namespace, signal) : {};
  const workloads = [postgres.workload, kafka.workload].filter((one) => one !== undefined);
  const missing = await findMissingOperator(api, spec, workloads, signal);
  const trouble = missing ?? (looks || seen.kind === 'absent' ? await findVolumesLeft(api, cell, spec, workloads, signal) : undefined);
  const authorities = { postgresAuthority: postgres.authority, kafkaAuthority: kafka.authority };
  const found = Object.entries(authorities).flatMap(([part, one]) => (one === undefined ? [] : [[part, { 'ca.crt': one }] as const]));
  return { trouble, workloads, copied: Object.fromEntries(found) };
}

async function seeWorkloads(api: Api, namespace: string, signal: AbortSignal): Promise<Workload[]> {
  const lists = [kubeKinds.deployment, kubeKinds.statefulSet].map(async (kind) =>
    expectOk(await api.list<WorkloadObject>(kind, { namespace }, { signal, limit: 100 }), `looking at the ${kind.plural} of ${namespace}`),
  );
  return (await Promise.all(lists)).flatMap(({ items }) => items.map(workloadOf));
}
