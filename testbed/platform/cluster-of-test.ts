import { randomUUID } from 'node:crypto';
import {
  accessFrom,
  createApi,
  expectOk,
  readKubeConfig,
  resourceKindOf,
  secretKind,
  type Answer,
  type Api,
  type ApplyOptions,
  type ClusterAccess,
  type KubeObject,
  type ResourceKind,
} from '@driftbox/operator';
import { kinds, manifestFiles, type Kind } from '@driftbox/resources';
import { testComponent, waitFor } from '@driftbox/testkit';
import { parseAllDocuments } from 'yaml';

/** The API server of this test run, as somebody who may do everything, and a corner of it that is this test's own. */
export type ClusterOfTest = AsyncDisposable & {
  readonly api: Api;
  /** Another way to it, for whoever is under test. */
  readonly newAccess: () => ClusterAccess;
  /** The operator's. */
  readonly namespace: string;
  /** Selects the resources of this test: others have theirs in the same cluster. */
  readonly only: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Makes one of our resources, or brings it to this spec. */
  apply(kind: Kind, name: string, spec: object, annotations?: Readonly<Record<string, string>>): Promise<KubeObject>;
  get<T extends KubeObject>(kind: Kind, name: string): Promise<T | undefined>;
  delete(kind: Kind, name: string): Promise<void>;
  /** Makes a Secret in the operator's namespace, or brings it to this. */
  applySecret(name: string, stringData: Readonly<Record<string, string>>): Promise<void>;
};

const definitionKind: ResourceKind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
const namespaceKind: ResourceKind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

/** Makes the cluster know our kinds, and opens a namespace in it. */
export async function openCluster(): Promise<ClusterOfTest> {
  const { kubeconfig } = testComponent('k8s');
  const newAccess = () => accessFrom(readKubeConfig(kubeconfig));
  const access = newAccess();
  const api = patient(createApi({ access, userAgent: 'driftbox-test', rate: { perSecond: 1_000, burst: 1_000 } }));
  await installDefinitions(api);
  const namespace = `life-${randomUUID().slice(0, 8)}`;
  const labels = { test: namespace };
  expectOk(await api.create(namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }), 'making a namespace');
  return {
    api,
    newAccess,
    namespace,
    labels,
    only: `test=${namespace}`,
    apply: async (kind, name, spec, annotations = {}) => {
      const { group, version, kind: kindName } = resourceKindOf(kind);
      const object = { apiVersion: `${group}/${version}`, kind: kindName, metadata: { name, labels, annotations }, spec };
      return expectOk(
        await api.apply<KubeObject>(resourceKindOf(kind), object, { manager: 'driftbox-test' }),
        `applying ${kindName} ${name}`,
      );
    },
    get: async <T extends KubeObject>(kind: Kind, name: string) => {
      const answer = await api.get<T>(resourceKindOf(kind), { name });
      return answer.kind === 'notFound' ? undefined : expectOk(answer, `reading ${kind.kind} ${name}`);
    },
    delete: async (kind, name) => expectOk(await api.delete(resourceKindOf(kind), { name }), `deleting ${kind.kind} ${name}`),
    applySecret: async (name, stringData) => {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData };
      expectOk(await api.apply<KubeObject>(secretKind, secret, { manager: 'driftbox-test' }), `writing the Secret ${name}`);
    },
    async [Symbol.asyncDispose]() {
      await api.delete(namespaceKind, { name: namespace });
      access.close();
    },
  };
}

/** Other files apply the definitions beside this one, and for a moment afterwards the server has no storage for their kinds. */
function patient(api: Api): Api {
  const again = async <T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    let answer = await ask();
    const isServed = async (): Promise<boolean> => (answer = await ask()).kind !== 'tooManyRequests';
    if (answer.kind === 'tooManyRequests') await waitFor(isServed, { deadlineMs: 30_000, what: 'the storage of a kind' });
    return answer;
  };
  return {
    ...api,
    get: <T extends KubeObject>(...asked: Parameters<Api['get']>) => again(() => api.get<T>(...asked)),
    list: <T extends KubeObject>(...asked: Parameters<Api['list']>) => again(() => api.list<T>(...asked)),
    apply: <T extends KubeObject>(kind: ResourceKind, object: T, options: ApplyOptions) => again(() => api.apply(kind, object, options)),
    applyStatus: <T extends KubeObject>(kind: ResourceKind, object: T, options: ApplyOptions) =>
      again(() => api.applyStatus(kind, object, options)),
    delete: (...asked) => again(() => api.delete(...asked)),
  };
}

async function installDefinitions(api: Api): Promise<void> {
  for (const { text } of manifestFiles()) {
    for (const document of parseAllDocuments(text)) {
      const manifest = document.toJS() as KubeObject;
      if (manifest.kind !== definitionKind.kind) continue;
      expectOk(await api.apply(definitionKind, manifest, { manager: 'driftbox-test' }), `installing ${manifest.metadata.name}`);
    }
  }
  for (const kind of kinds) {
    const isServed = async () => (await api.list(resourceKindOf(kind), {}, { limit: 1 })).kind === 'ok';
    await waitFor(isServed, { deadlineMs: 30_000, what: kind.kind });
  }
}
