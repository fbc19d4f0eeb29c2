import { expect, test } from '@jest/globals';
import { authoritiesIn, kafkaWorkload, type KafkaObject } from './delegated-kafka.ts';

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
  ['that nobody has looked at', undefined, true, { isReady: false, serves: false }],
  ['that is ready', { observedGeneration: 2, conditions }, true, { isReady: true, serves: true }],
  ['that was ready before it was changed', { observedGeneration: 1, conditions }, true, { isReady: false, serves: true }],
  ['that is not', { observedGeneration: 2, conditions: [{ type: 'NotReady', status: 'True' }] }, true, { isReady: false, serves: false }],
  ['that cannot be told from others yet', { observedGeneration: 2, conditions }, false, { isReady: false, serves: true }],
])('a Kafka %s', (_, status, isCertified, expected) => {
  expect(kafkaWorkload(kafkaOf(status), isCertified)).toEqual({ name: 'driftbox-kafka', release: 'eu-backends', ...expected });
});

test('a Kafka that is on its way out is said to be', () => {
  expect(kafkaWorkload(kafkaOf(undefined, { deletionTimestamp: '2026-01-01T00:00:00Z' }), true)).toHaveProperty('isGoing', true);
});

test('while the key of its authority is replaced, brokers are known by the one before as well', () => {
  expect(authoritiesIn({})).toBeUndefined();
  expect(authoritiesIn({ 'ca.crt': '', 'ca-2027-01-01T00-00-00Z.crt': 'before' })).toBeUndefined();
  expect(authoritiesIn({ 'ca.crt': 'now\n', 'ca.p12': 'a store', 'ca.password': 'of it' })).toBe('now\n');
  expect(authoritiesIn({ 'ca.crt': 'now\n', 'ca-2027-01-01T00-00-00Z.crt': 'before', 'ca.p12': 'a store' })).toBe('before\nnow\n');
});
