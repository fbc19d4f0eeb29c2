import { expectOk, type Api, type KubeObject, type ResourceKind } from '@driftbox/operator';
import { cellNamespace } from '@driftbox/resources';
import type { Replica } from '../src/replica.ts';
import { say, settingsOf, type Variable } from './job-runner.ts';
import { deploymentKind } from './scripted-node.ts';

type Texts = Readonly<Record<string, string>>;
type Container = { readonly name: string; readonly env?: readonly Variable[] };
type PodSpec = { readonly containers: readonly Container[]; readonly initContainers?: readonly Container[] };
type Template = { readonly metadata: { readonly labels: Texts; readonly annotations: Texts }; readonly spec: PodSpec };
type Deployment = KubeObject & { readonly spec: { readonly template: Template } };
type QuotaObject = KubeObject & { readonly spec: { readonly hard: Texts } };

const core = { group: '', version: 'v1', namespaced: true } as const;
const podKind: ResourceKind = { ...core, kind: 'Pod', plural: 'pods' };
const quotaKind: ResourceKind = { ...core, kind: 'ResourceQuota', plural: 'resourcequotas' };

/** Processes that stand for the pods of a part of a cell: `part` names its Deployment, `container` what of its pods they are. */
export type StandIns = { readonly part: string; readonly container: string; readonly replicas: readonly Replica[] };

/** What stands for the pods of a cell where nothing runs any. */
export type ProcessesAsPods = {
  /** Starts whatever is of another form than its Deployment anew, one of each part after the other; answers how many that were. */
  roll(): Promise<number>;
};

/**
 * Lets processes stand for pods of a cell, as its Deployments want them by now: an object tells of each, and it is given what a pod finds
 * in Secrets when it starts, as far as `settings` takes that.
 */
export async function processesAsPods(
  api: Api,
  cell: string,
  parts: readonly StandIns[],
  settings: (given: Texts) => Texts,
): Promise<ProcessesAsPods> {
  const namespace = cellNamespace(cell);
  const templateOf = async (part: string): Promise<Template> => {
    const answer = await api.get<Deployment>(deploymentKind, { namespace, name: `${cell}-${part}` });
    return expectOk(answer, `reading the Deployment of ${part}`).spec.template;
  };
  const forms = new Map<string, string>();
  const tell = async (replica: Replica, { metadata, spec }: Template): Promise<string | undefined> => {
    const before = forms.get(replica.name);
    forms.set(replica.name, JSON.stringify(metadata));
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: nameOf(replica, metadata), namespace }, spec };
    expectOk(await api.create<KubeObject>(podKind, pod), `making the pod of ${replica.name}`);
    return before;
  };
  await countPods(api, namespace);
  for (const { part, replicas } of parts) for (const replica of replicas) await tell(replica, await templateOf(part));

  /** As a kubelet does: the pod is there, then its Secrets are read, then it starts; the one before goes when it has ended. */
  const startAnew = async ({ part, container }: StandIns, replica: Replica): Promise<number> => {
    const template = await templateOf(part);
    if (forms.get(replica.name) === JSON.stringify(template.metadata)) return 0;
    const before = await tell(replica, template);
    const { containers, initContainers = [] } = template.spec;
    const { env = [] } = [...containers, ...initContainers].find(({ name }) => name === container) ?? {};
    const given = await settingsOf(api, namespace, env);
    await replica.stop();
    await replica.start(settings(given));
    const old = { namespace, name: nameOf(replica, JSON.parse(before ?? '') as Template['metadata']) };
    expectOk(await api.delete(podKind, old), `removing the pod before of ${replica.name}`);
    return 1;
  };
  return {
    async roll() {
      let count = 0;
      const most = Math.max(...parts.map(({ replicas }) => replicas.length));
      for (let n = 0; n < most; n += 1) {
        const of = parts.flatMap((one) => one.replicas.slice(n, n + 1).map((replica) => startAnew(one, replica)));
        for (const started of await Promise.all(of)) count += started;
      }
      return count;
    },
  };
}

function nameOf({ name }: Replica, { annotations }: Template['metadata']): string {
  const { 'driftbox.io/secrets': secrets = '' } = annotations;
  return `${name}-${secrets.slice(0, 10)}`;
}

/** What the controller of quotas would have said: without it no pod is let in. */
async function countPods(api: Api, namespace: string): Promise<void> {
  const at = { namespace, name: 'driftbox' };
  const { spec } = expectOk(await api.get<QuotaObject>(quotaKind, at), 'reading the ResourceQuota');
  await say(api, quotaKind, at, { hard: spec.hard, used: Object.fromEntries(Object.keys(spec.hard).map((name) => [name, '0'])) });
}
