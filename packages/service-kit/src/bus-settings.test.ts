import { expect, test } from '@jest/globals';
import { readBrokers, readPublishing, readRedisUrl } from './bus-settings.ts';

const relayName = 'DRIFTBOX_AUTH_RELAY_DATABASE_URL';

test('brokers are a list of addresses, and anything else is refused with an example', () => {
  expect(readBrokers({ DRIFTBOX_KAFKA_BROKERS: 'kafka-1:9092, [::1]:9093' })).toEqual(['kafka-1:9092', '[::1]:9093']);
  expect(readBrokers({ DRIFTBOX_KAFKA_BROKERS: undefined })).toBeUndefined();
  for (const wrong of ['kafka-1', 'kafka-1:9092,', 'kafka://kafka-1:9092']) {
    expect(() => readBrokers({ DRIFTBOX_KAFKA_BROKERS: wrong })).toThrow('kafka-1:9092,kafka-2:9092');
  }
});

test("Redis's address is a URL, and a wrong one is not repeated", () => {
  expect(readRedisUrl({ DRIFTBOX_REDIS_URL: 'rediss://me:secret@redis:6379' })).toBe('rediss://me:secret@redis:6379');
  expect(readRedisUrl({ DRIFTBOX_REDIS_URL: undefined })).toBeUndefined();
  for (const wrong of ['redis:6379:secret', 'http://secret']) {
    expect(() => readRedisUrl({ DRIFTBOX_REDIS_URL: wrong })).toThrow(/^(?!.*secret)[^]*must be a redis:\/\//);
  }
});

test('brokers and the relay are set together or not at all, and the error names the one that is missing', () => {
  const none = { DRIFTBOX_KAFKA_BROKERS: undefined };
  const kafka = { DRIFTBOX_KAFKA_BROKERS: 'kafka:9092' };
  expect(readPublishing(none, relayName, undefined)).toBeUndefined();
  expect(readPublishing(kafka, relayName, 'postgresql://relay')).toEqual({ brokers: ['kafka:9092'], relayUrl: 'postgresql://relay' });
  expect(() => readPublishing(kafka, relayName, undefined)).toThrow(`${relayName} is missing`);
  expect(() => readPublishing(none, relayName, 'postgresql://relay')).toThrow('DRIFTBOX_KAFKA_BROKERS is missing');
});
