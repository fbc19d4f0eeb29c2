import type { CellSpec } from '@driftbox/resources';
import { kubeKinds } from '../kube-kinds.ts';
import { expectOk, type Api, type KubeObject, type ResourceKind } from '../runtime/index.ts';
import { keptClaims } from '../volumes.ts';
import type { Workload } from '../workload.ts';
import type { Trouble } from './cell-observed.ts';
import { kafkaClaims, kafkaCluster } from './delegated-kafka.ts';
import { postgresCluster } from './delegated-postgres.ts';
import { cellNames } from './names.ts';

type Definition = KubeObject & {
  readonly spec?: { readonly versions?: readonly { readonly name: string; readonly served: boolean }[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};

/** A back end that the operator of others runs. */
type Delegated = {
  readonly field: string;
  readonly called: string;
  readonly kinds: readonly ResourceKind[];
  readonly cluster: string;
  /** What the names of its claims begin with. */
  readonly claims: string;
};

const postgres: Delegated = {
  field: 'spec.postgres.delegated',
  called: 'CloudNativePG',
  kinds: [kubeKinds.postgresCluster],
  cluster: postgresCluster,
  claims: `${postgresCluster}-`,
};
const kafka: Delegated = {
  field: 'spec.kafka.delegated',
  called: 'Strimzi',
  kinds: [kubeKinds.kafka, kubeKinds.kafkaNodePool],
  cluster: kafkaCluster,
  claims: kafkaClaims,
};

type Parts = Pick<CellSpec, 'postgres' | 'kafka'>;

/** Back ends that the operators of others are yet to begin: a definition, which is large, is not read for what runs. */
function toBegin(spec: Parts, workloads: readonly Workload[]): Delegated[] {
  const all = [spec.postgres.delegated === undefined ? [] : postgres, spec.kafka.delegated === undefined ? [] : kafka].flat();
  return all.filter(({ cluster }) => !workloads.some(({ name }) => name === cluster));
}

/** Which operator that is to begin a back end is not in the cluster; undefined where all are. `workloads` are those that run. */
export async function findMissingOperator(
  api: Api,
  spec: Parts,
  workloads: readonly Workload[],
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  for (const { field, called, kinds } of toBegin(spec, workloads)) {
    const served = await Promise.all(kinds.map((kind) => isServed(api, kind, signal)));
    const missing = kinds.filter((_, index) => !served[index]).map(({ plural, group, version }) => `${plural}.${group}/${version}`);
    const message = `${field}: the cluster does not serve ${missing.join(' and ')}; install ${called}`;
    if (missing.length > 0) return { reason: 'BackendOperatorMissing', message };
  }
  return undefined;
}

/** Which back end would begin with nothing although volumes of its claims are left; undefined where none would. */
export async function findVolumesLeft(
  api: Api,
  cell: string,
  spec: Parts,
  workloads: readonly Workload[],
  signal: AbortSignal,
): Promise<Trouble | undefined> {
  const begun = toBegin(spec, workloads);
  if (begun.length === 0) return undefined;
  const { namespace } = cellNames(cell);
  const all = await keptClaims(api, namespace, signal);
  for (const { field, called, cluster, claims } of begun) {
    const left = all.filter((one) => one.startsWith(claims)).toSorted();
    const kept = `volumes of ${left.join(', ')} in the namespace ${namespace} are kept, but ${cluster} is gone`;
    if (left.length > 0) return { reason: 'VolumesLeft', message: `${field}: ${kept}, and ${called} would begin with nothing` };
  }
  return undefined;
}

/** Whether the API serves a kind that others bring. */
async function isServed(api: Api, { plural, group, version }: ResourceKind, signal: AbortSignal): Promise<boolean> {
  const name = `${plural}.${group}`;
  const answer = await api.get<Definition>(kubeKinds.definition, { name }, { signal });
  if (answer.kind === 'notFound') return false;
  const { spec, status } = expectOk(answer, `looking at the kind ${name}`);
  const isEstablished = status?.conditions?.some((one) => one.type === 'Established' && one.status === 'True') === true;
  return isEstablished && spec?.versions?.some((one) => one.served && one.name === version) === true;
}
