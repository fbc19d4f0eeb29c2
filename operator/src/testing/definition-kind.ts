import type { ResourceKind } from '../runtime/api/object.ts';

/** The kind that makes kinds: for tests that bring their own to a real API server. */
export const definitionKind: ResourceKind = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
