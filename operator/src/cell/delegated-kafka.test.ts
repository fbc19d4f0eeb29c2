import { expect, test } from '@jest/globals';
import { kafkaWorkload, type KafkaObject } from './delegated-kafka.ts';

function kafkaOf(status: KafkaObject['status'], metadata: object = {}): KafkaObject {
  const labels = { 'app.kubernetes.io/instance': 'eu-backends' };
  const object = {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'Kafka',
    metadata: { name: 'driftbox-kafka', generation: 2, labels, ...metadata },
  };
  return status === undefined ? object : { ...object, status };
}

const conditions = [{ type: 'Ready', status: 'True' }];

test.each([
  ['that nobody has looked at', undefined, { isReady: false, serves: false }],
  ['that is ready', { observedGeneration: 2, conditions }, { isReady: true, serves: true }],
  ['that was ready before it was changed', { observedGeneration: 1, conditions }, { isReady: false, serves: true }],
  ['that is not', { observedGeneration: 2, conditions: [{ type: 'NotReady', status: 'True' }] }, { isReady: false, serves: false }],
])('a Kafka %s', (_, status, expected) => {
  expect(kafkaWorkload(kafkaOf(status))).toEqual({ name: 'driftbox-kafka', release: 'eu-backends', ...expected });
});

test('a Kafka that is on its way out is said to be', () => {
  expect(kafkaWorkload(kafkaOf(undefined, { deletionTimestamp: '2026-01-01T00:00:00Z' }))).toHaveProperty('isGoing', true);
});
