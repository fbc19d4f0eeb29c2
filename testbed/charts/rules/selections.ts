import { lastingContainersOf, nameOf, selects, workloadsOf, type ChartObject, type Labels, type Workload } from '../chart-object.ts';
import type { Rule } from '../rule.ts';

const ofKind = (objects: readonly ChartObject[], kind: string): ChartObject[] => objects.filter((one) => one.kind === kind);
const found = (objects: readonly ChartObject[], labels: Labels | undefined): Workload[] =>
  labels === undefined || Object.keys(labels).length === 0 ? [] : workloadsOf(objects).filter((one) => selects(labels, one.labels));

/** A workload finds its own pods and no other's. */
export const ownPods: Rule = {
  name: 'own pods',
  check: ({ objects }) =>
    workloadsOf(objects).flatMap(({ object }) => {
      const chosen = found(objects, object.spec?.selector?.matchLabels).map((one) => nameOf(one.object));
      return chosen.length === 1 && chosen[0] === nameOf(object)
        ? []
        : [`${nameOf(object)}: selects pods of ${chosen.join(', ') || 'nobody'}`];
    }),
};

/** A Service leads to pods of one workload, to ports that they have. */
export const services: Rule = {
  name: 'services',
  check: ({ objects }) =>
    ofKind(objects, 'Service').flatMap((service) => {
      const chosen = found(objects, service.spec?.selector);
      if (chosen.length !== 1) return [`${nameOf(service)}: leads to ${chosen.length} workloads`];
      const ports = chosen.flatMap(({ pod }) => lastingContainersOf(pod)).flatMap((one) => one.ports ?? []);
      return (service.spec?.ports ?? [])
        .filter(({ targetPort }) => !ports.some(({ name }) => name === targetPort))
        .map(({ targetPort }) => `${nameOf(service)}: leads to ${targetPort}, which nobody has`);
    }),
};

/** What has several replicas may lose one at a time, and what has one may be moved. */
export const budgets: Rule = {
  name: 'budgets',
  check: ({ objects }) => {
    const all = ofKind(objects, 'PodDisruptionBudget');
    const scalers = ofKind(objects, 'HorizontalPodAutoscaler');
    const wrong = all.filter((one) => found(objects, one.spec?.selector?.matchLabels).length !== 1 || one.spec?.maxUnavailable !== 1);
    const uneven = workloadsOf(objects).filter(({ object, labels }) => {
      const scaler = scalers.find((one) => one.spec?.scaleTargetRef?.name === object.metadata.name);
      const replicas = object.spec?.replicas ?? scaler?.spec?.minReplicas ?? 1;
      const count = all.filter((one) => selects(one.spec?.selector?.matchLabels, labels)).length;
      return count !== (replicas > 1 ? 1 : 0);
    });
    return [
      ...wrong.map((one) => `${nameOf(one)}: is no budget of one workload`),
      ...uneven.map(({ object }) => `${nameOf(object)}: has not as many budgets as its replicas call for`),
    ];
  },
};

/** Who scales owns the number of replicas: nobody else states one. */
export const scaling: Rule = {
  name: 'scaling',
  check: ({ objects }) =>
    ofKind(objects, 'HorizontalPodAutoscaler').flatMap((scaler) => {
      const { kind, name } = scaler.spec?.scaleTargetRef ?? { kind: '', name: '' };
      const target = objects.find((one) => one.kind === kind && one.metadata.name === name);
      if (target === undefined) return [`${nameOf(scaler)}: scales nothing`];
      return target.spec?.replicas === undefined ? [] : [`${nameOf(scaler)}: ${nameOf(target)} states its replicas as well`];
    }),
};

/** Figures are read from a Service that has the port. */
export const monitors: Rule = {
  name: 'monitors',
  check: ({ objects }) =>
    ofKind(objects, 'ServiceMonitor').flatMap((monitor) => {
      const chosen = ofKind(objects, 'Service').filter((one) => selects(monitor.spec?.selector?.matchLabels, one.metadata.labels));
      return (monitor.spec?.endpoints ?? [])
        .filter(({ port }) => chosen.filter((one) => one.spec?.ports?.some(({ name }) => name === port)).length !== 1)
        .map(({ port }) => `${nameOf(monitor)}: not one Service has ${port}`);
    }),
};

/** The operator makes these pods, when a backup is due. */
function isOfJobs(selector: { readonly matchLabels?: Readonly<Record<string, string>> } | undefined): boolean {
  return selector?.matchLabels?.['app.kubernetes.io/component'] === 'backup';
}

/** Pods that operators of others make for a Cluster or a Kafka of the release. */
function isOfCluster(objects: readonly ChartObject[], labels: Labels | undefined): boolean {
  const named = (kind: string, label: string): boolean => ofKind(objects, kind).some(({ metadata }) => metadata.name === labels?.[label]);
  return named('Cluster', 'cnpg.io/cluster') || named('Kafka', 'strimzi.io/cluster');
}

/** Policies are about pods that exist, name peers that exist, and leave none of the release's pods open. */
export const policies: Rule = {
  name: 'policies',
  check: ({ objects }) => {
    const all = ofKind(objects, 'NetworkPolicy');
    if (all.length === 0) return [];
    const own = new Set(workloadsOf(objects).map(({ labels }) => labels['app.kubernetes.io/name']));
    const idle = all.filter(({ spec }) => {
      const labels = spec?.podSelector?.matchLabels;
      return !isOfJobs(spec?.podSelector) && !isOfCluster(objects, labels) && found(objects, labels).length === 0;
    });
    const open = workloadsOf(objects).filter(
      ({ labels }) => !all.some((one) => one.spec?.policyTypes?.includes('Ingress') && selects(one.spec.podSelector?.matchLabels, labels)),
    );
    const strangers = all.flatMap((one) => {
      const peers = [
        ...(one.spec?.ingress ?? []).flatMap(({ from = [] }) => from),
        ...(one.spec?.egress ?? []).flatMap(({ to = [] }) => to),
      ];
      return peers
        .map(({ podSelector }) => podSelector?.matchLabels)
        .filter((labels) => own.has(labels?.['app.kubernetes.io/name']) && found(objects, labels).length === 0)
        .map((labels) => `${nameOf(one)}: names ${JSON.stringify(labels)}, which nobody is`);
    });
    return [
      ...idle.map((one) => `${nameOf(one)}: is about nobody`),
      ...open.map(({ object }) => `${nameOf(object)}: anybody may reach its pods`),
      ...strangers,
    ];
  },
};
