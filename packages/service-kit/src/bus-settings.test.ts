import { expect, test } from '@jest/globals';
import { loadConfig } from './config.ts';
import { eventSettings, readKafka, readPublishing, readRedisUrl } from './bus-settings.ts';

const relayName = 'DRIFTBOX_AUTH_RELAY_DATABASE_URL';

/** Settings of events by the ends of their names. */
const loaded = (given: Readonly<Record<string, string>>) =>
  loadConfig(eventSettings, Object.fromEntries(Object.entries(given).map(([name, value]) => [`DRIFTBOX_KAFKA_${name}`, value])));
const kafkaOf = (given: Readonly<Record<string, string>>) => readKafka(loaded(given));

test('brokers are a list of addresses, and anything else is refused with an example', () => {
  const plain = { prefix: '', tls: false };
  expect(kafkaOf({ BROKERS: 'kafka-1:9092, [::1]:9093' })).toEqual({ brokers: ['kafka-1:9092', '[::1]:9093'], ...plain });
  expect(kafkaOf({})).toBeUndefined();
  for (const wrong of ['kafka-1', 'kafka-1:9092,', 'kafka://kafka-1:9092']) {
    expect(() => kafkaOf({ BROKERS: wrong })).toThrow('kafka-1:9092,kafka-2:9092');
  }
});

test('Kafka of others is spoken to by TLS, under a name and below a prefix, and half a login is refused without the password', () => {
  const all = { BROKERS: 'kafka:9093', PREFIX: 'eu.', TLS: 'true', MECHANISM: 'PLAIN', USERNAME: 'ada', PASSWORD: 'hidden' };
  const sasl = { mechanism: 'PLAIN', username: 'ada', password: 'hidden' };
  expect(kafkaOf(all)).toEqual({ brokers: ['kafka:9093'], prefix: 'eu.', tls: true, sasl });
  expect(kafkaOf({ BROKERS: 'kafka:9093', USERNAME: 'ada', PASSWORD: 'hidden' })).toMatchObject({ sasl: { mechanism: 'SCRAM-SHA-512' } });
  expect(() => kafkaOf({ PASSWORD: 'hidden' })).toThrow(/^(?!.*hidden)[^]*USERNAME and DRIFTBOX_KAFKA_PASSWORD go together/);
  expect(() => kafkaOf({ ...all, TLS: 'false' })).toThrow(/^(?!.*hidden)[^]*is PLAIN, which needs DRIFTBOX_KAFKA_TLS/);
  expect(() => kafkaOf({ ...all, PREFIX: 'e u' })).toThrow('DRIFTBOX_KAFKA_PREFIX must be letters');
});

test("Redis's address is a URL, and a wrong one is not repeated", () => {
  expect(readRedisUrl({ DRIFTBOX_REDIS_URL: 'rediss://me:secret@redis:6379' })).toBe('rediss://me:secret@redis:6379');
  expect(readRedisUrl({ DRIFTBOX_REDIS_URL: undefined })).toBeUndefined();
  for (const wrong of ['redis:6379:secret', 'http://secret']) {
    expect(() => readRedisUrl({ DRIFTBOX_REDIS_URL: wrong })).toThrow(/^(?!.*secret)[^]*must be a redis:\/\//);
  }
});

test('brokers and the relay are set together or not at all, and the error names the one that is missing', () => {
  const [none, kafka] = [loaded({}), loaded({ BROKERS: 'kafka:9092' })];
  expect(readPublishing(none, relayName, undefined)).toBeUndefined();
  expect(readPublishing(kafka, relayName, 'postgresql://relay')).toMatchObject({
    kafka: { brokers: ['kafka:9092'] },
    relayUrl: 'postgresql://relay',
  });
  expect(() => readPublishing(kafka, relayName, undefined)).toThrow(`${relayName} is missing`);
  expect(() => readPublishing(none, relayName, 'postgresql://relay')).toThrow('DRIFTBOX_KAFKA_BROKERS is missing');
});
