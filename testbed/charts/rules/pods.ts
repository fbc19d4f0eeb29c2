import { containersOf, nameOf, workloadsOf, type Workload } from '../chart-object.ts';
import type { Rule } from '../rule.ts';

type Complain = (workload: Workload) => readonly (string | false)[];

function ofPods(name: string, complain: Complain): Rule {
  return {
    name,
    check: ({ objects }) =>
      workloadsOf(objects).flatMap((workload) =>
        complain(workload).flatMap((wrong) => (wrong === false ? [] : [`${nameOf(workload.object)}: ${wrong}`])),
      ),
  };
}

/** Nobody in particular, shut in, apart from its node. */
export const restrictedPods = ofPods('restricted pods', ({ pod }) => [
  pod.securityContext?.runAsNonRoot !== true && 'may be root',
  (pod.securityContext?.runAsUser ?? 0) === 0 && 'has no user of its own',
  pod.securityContext?.seccompProfile?.type !== 'RuntimeDefault' && 'may call anything of the kernel',
  (pod.hostNetwork ?? pod.hostPID ?? pod.hostIPC) !== undefined && 'is not apart from its node',
  (pod.volumes ?? []).some((volume) => 'hostPath' in volume) && 'sees a folder of its node',
]);

/** Who it is to the API server: an account of its own, whose token only the operator's has. */
export const accounts = ofPods('accounts', ({ object, pod }) => {
  const needsToken = object.metadata.labels?.['app.kubernetes.io/component'] === 'operator';
  return [
    (pod.serviceAccountName ?? 'default') === 'default' && 'shares the default account',
    pod.automountServiceAccountToken !== needsToken && `${needsToken ? 'lacks' : 'has'} a token`,
  ];
});

/** Settings come from the chart alone: Kubernetes would add some for every Service. */
export const noServiceLinks = ofPods('no service links', ({ pod }) => [pod.enableServiceLinks !== false && 'gets variables of Services']);

/** Replicas stand apart, as far as there is room. */
export const spread = ofPods('spread', ({ labels, pod }) =>
  ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((key) => {
    const found = pod.topologySpreadConstraints?.find(({ topologyKey }) => topologyKey === key);
    const own = found?.labelSelector?.matchLabels ?? {};
    const isOwn = Object.entries(own).length > 0 && Object.entries(own).every(([name, value]) => labels[name] === value);
    return !isOwn && `its pods are not spread by ${key}`;
  }),
);

/** Nothing is kept that nobody uses, and what may grow has an end. */
export const volumes = ofPods('volumes', ({ pod }) => [
  ...(pod.volumes ?? []).map(
    ({ name, emptyDir }) => emptyDir !== undefined && emptyDir.sizeLimit === undefined && `${name} grows without end`,
  ),
  ...(pod.volumes ?? []).map(
    ({ name }) => !containersOf(pod).some((one) => one.volumeMounts?.some((mount) => mount.name === name)) && `nobody mounts ${name}`,
  ),
]);

/** A chart's or a program's version is nothing that starts pods anew by itself. */
export const steadyPods = ofPods('steady pods', ({ labels }) => [
  (labels['helm.sh/chart'] ?? labels['app.kubernetes.io/version']) !== undefined && 'its pods start anew with every version of the chart',
]);
