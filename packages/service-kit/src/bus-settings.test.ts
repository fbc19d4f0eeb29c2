import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '@driftbox/testkit';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from './config.ts';
import { eventSettings, hintSettings, readKafka, readPublishing, readRedis } from './bus-settings.ts';

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

describe('Redis', () => {
  const redisOf = (env: Readonly<Record<string, string>>) =>
    readRedis(loadConfig(hintSettings, Object.fromEntries(Object.entries(env).map(([name, value]) => [`DRIFTBOX_REDIS_${name}`, value]))));

  test('its address is a URL, and a wrong one is not repeated', () => {
    expect(redisOf({ URL: 'rediss://me:secret@redis:6379' })).toEqual({ url: 'rediss://me:secret@redis:6379' });
    expect(redisOf({})).toBeUndefined();
    for (const wrong of ['redis:6379:secret', 'http://secret']) {
      expect(() => redisOf({ URL: wrong })).toThrow(/^(?!.*secret)[^]*must be a redis:\/\//);
    }
  });

  test('a certificate for it comes with a key, from files that are there, and for TLS alone', async () => {
    await using folder = await temporaryFolder();
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => path.join(folder.path, name)) as [string, string];
    await Promise.all([writeFile(cert, 'a'), writeFile(key, 'b')]);
    const both = { CERTIFICATE_FILE: cert, KEY_FILE: key };
    expect(redisOf({ URL: 'rediss://redis', ...both })).toEqual({ url: 'rediss://redis', trust: { cert: 'a', key: 'b' } });
    expect(() => redisOf({ URL: 'rediss://redis', KEY_FILE: key })).toThrow('CERTIFICATE_FILE and DRIFTBOX_REDIS_KEY_FILE go together');
    expect(() => redisOf({ URL: 'redis://redis', ...both })).toThrow('needs a DRIFTBOX_REDIS_URL of rediss://');
    expect(redisOf({ URL: 'rediss://redis', AUTHORITY_FILE: cert })).toEqual({ url: 'rediss://redis', trust: { ca: ['a'] } });
    expect(() => redisOf({ URL: 'redis://redis', AUTHORITY_FILE: cert })).toThrow('DRIFTBOX_REDIS_AUTHORITY_FILE needs');
    expect(() => redisOf({ URL: 'rediss://redis', ...both, KEY_FILE: `${key}.none` })).toThrow(
      /DRIFTBOX_REDIS_KEY_FILE cannot be read: ENOENT/,
    );
  });
});

test('an authority for brokers comes from a file that is there, and for TLS alone', async () => {
  await using folder = await temporaryFolder();
  const file = path.join(folder.path, 'ca.crt');
  await writeFile(file, 'a');
  const given = { BROKERS: 'kafka:9094', TLS: 'true', AUTHORITY_FILE: file };
  expect(kafkaOf(given)).toMatchObject({ tls: { ca: ['a'] } });
  expect(() => kafkaOf({ ...given, TLS: 'false' })).toThrow('DRIFTBOX_KAFKA_AUTHORITY_FILE needs DRIFTBOX_KAFKA_TLS');
  expect(() => kafkaOf({ ...given, AUTHORITY_FILE: `${file}.none` })).toThrow(/AUTHORITY_FILE cannot be read: ENOENT/);
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
