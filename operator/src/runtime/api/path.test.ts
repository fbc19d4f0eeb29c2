import { expect, test } from '@jest/globals';
import type { ResourceKind } from './object.ts';
import { pathOf } from './path.ts';

const configMap: ResourceKind = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const role: ResourceKind = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
};

test('paths of the core group and of others', () => {
  expect(pathOf(configMap, { namespace: 'a', name: 'b' })).toBe('/api/v1/namespaces/a/configmaps/b');
  expect(pathOf(configMap, {})).toBe('/api/v1/configmaps');
  expect(pathOf(role, { name: 'x', subresource: 'status' })).toBe('/apis/rbac.authorization.k8s.io/v1/clusterroles/x/status');
});

test('case is kept, and what would mean something in a path is escaped', () => {
  expect(pathOf(role, { name: 'DriftBox:Tenant-Admin/../x' })).toBe(
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/DriftBox%3ATenant-Admin%2F..%2Fx',
  );
});

test('what is undefined is not asked for', () => {
  expect(pathOf(configMap, {}, { limit: 5, continue: undefined, labelSelector: 'a=b' })).toBe(
    '/api/v1/configmaps?limit=5&labelSelector=a%3Db',
  );
});

test('a path that would mean something else is refused', () => {
  expect(() => pathOf(configMap, { name: 'b' })).toThrow('needs its namespace');
  expect(() => pathOf(role, { namespace: 'a', name: 'b' })).toThrow('whole cluster');
  expect(() => pathOf(role, { subresource: 'status' })).toThrow('single object');
});
