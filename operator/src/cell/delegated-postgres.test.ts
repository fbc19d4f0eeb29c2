import { expect, test } from '@jest/globals';
import { clusterWorkload, type ClusterObject } from './delegated-postgres.ts';

function clusterOf(instances: number, status: ClusterObject['status'], metadata: object = {}): ClusterObject {
  const labels = { 'app.kubernetes.io/instance': 'eu-backends' };
  return {
    apiVersion: 'postgresql.cnpg.io/v1',
    kind: 'Cluster',
    metadata: { name: 'driftbox-postgres', labels, ...metadata },
    spec: { instances },
    ...(status === undefined ? {} : { status }),
  };
}

const isReady = [{ type: 'Ready', status: 'True' }];
const isNot = [{ type: 'Ready', status: 'False' }];

test.each([
  ['that nobody has looked at', undefined, true, { isReady: false, serves: false }],
  ['that has all of its instances', { readyInstances: 2, conditions: isReady }, true, { isReady: true, serves: true }],
  ['that lost one', { readyInstances: 1, conditions: isReady }, true, { isReady: false, serves: true }],
  ['whose operator works on it', { readyInstances: 2, conditions: isNot }, true, { isReady: false, serves: true }],
  ['that cannot be told from others yet', { readyInstances: 2, conditions: isReady }, false, { isReady: false, serves: true }],
])('a Cluster %s', (_, status, isCertified, expected) => {
  const workload = clusterWorkload(clusterOf(2, status), isCertified);
  expect(workload).toEqual({ name: 'driftbox-postgres', release: 'eu-backends', ...expected });
});

test('a Cluster that is on its way out is said to be', () => {
  expect(clusterWorkload(clusterOf(1, undefined, { deletionTimestamp: '2026-01-01T00:00:00Z' }), true)).toHaveProperty('isGoing', true);
});
