import { containersOf, nameOf, workloadsOf } from '../chart-object.ts';
import type { Rule } from '../rule.ts';

/** Every object that is named is rendered, or is a Secret that whoever installs provides. */
export const references: Rule = {
  name: 'references',
  check: ({ objects, secrets }) => {
    const isThere = (kind: string, name: string): boolean => objects.some((one) => one.kind === kind && one.metadata.name === name);
    return workloadsOf(objects).flatMap(({ object, pod }) => {
      const named: (readonly [kind: string, name: string])[] = [
        ['ServiceAccount', pod.serviceAccountName ?? ''],
        ...(pod.imagePullSecrets ?? []).map(({ name }) => ['Secret', name] as const),
        ...(pod.volumes ?? []).flatMap(({ secret, configMap }) => [
          ...(secret === undefined ? [] : [['Secret', secret.secretName] as const]),
          ...(configMap === undefined ? [] : [['ConfigMap', configMap.name] as const]),
        ]),
        ...containersOf(pod)
          .flatMap(({ env = [] }) => env)
          .flatMap(({ valueFrom }) => (valueFrom?.secretKeyRef === undefined ? [] : [['Secret', valueFrom.secretKeyRef.name] as const])),
        ...(object.spec?.serviceName === undefined ? [] : [['Service', object.spec.serviceName] as const]),
      ];
      return named
        .filter(([kind, name]) => (kind === 'Secret' ? !secrets.has(name) : !isThere(kind, name)))
        .map(([kind, name]) => `${nameOf(object)}: names ${kind} ${name}, which is not there`);
    });
  },
};

/** Rights go to accounts and from roles that are there. */
export const bindings: Rule = {
  name: 'bindings',
  check: ({ objects }) =>
    objects
      .filter(({ roleRef }) => roleRef !== undefined)
      .filter(({ roleRef }) => !objects.some((one) => one.kind === roleRef?.kind && one.metadata.name === roleRef.name))
      .map((one) => `${nameOf(one)}: binds a role that is not there`),
};

/** Rights are named one by one. */
export const noWildcards: Rule = {
  name: 'no wildcards',
  check: ({ objects }) =>
    objects
      .filter(({ rules = [] }) => rules.some((rule) => [rule.apiGroups, rule.resources, rule.verbs].some((list) => list?.includes('*'))))
      .map((one) => `${nameOf(one)}: gives rights to everything`),
};
