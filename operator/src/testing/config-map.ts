import type { KubeObject, ResourceKind } from '../runtime/api/object.ts';

/** The plainest kind there is: every server has it, and nothing comes of one. */
export const configMapKind: ResourceKind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };

/** Values by key. */
export type ConfigMap = KubeObject & { readonly data?: Readonly<Record<string, string>> };

/** Builds one. */
export function configMap(namespace: string, name: string, value: string, labels: Readonly<Record<string, string>> = {}): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name, labels }, data: { value } };
}
