import { cellKind, judge, type CellSpec } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import { releaseDigest } from '../helm/release-digest.ts';
import { baseObjects, digestOf } from '../owned-namespace.ts';
import type { CellInput } from './cell-input.ts';
import { backendsRelease, cellRelease, secretsRevision } from './cell-releases.ts';
import { cellSecrets } from './cell-secrets.ts';
import { makeMaster } from './master-secret.ts';
import { migrationJob, migrationPolicy } from './migration-job.ts';
import { ownedOf } from './observe-cell.ts';

// Digests of what the operator of 0.1.0, as released, gave such cells. Where one differs, an operator of today starts pods, or a migration,
// of cells of that version, and nobody asked for it: give what is new to later versions alone.
const given = {
  bundled: {
    secrets: '2e41e103069f3443eb4e52a6be4413e05b3e5ed9',
    revision: 'eb4ae779d1b4903c883acddd391fb22070a31efe',
    services: '02e5b7300c640b1cf1f47854b78bf8f572b12914',
    backends: '41d0fcf1c8a33d0966d4e1b315d28319302be4c4',
    migration: 'migrate-0-1-0-a8922c56c9',
    policy: 'df3688d0a3a037503e7d90a5927eb1cd4e98a059',
    base: 'e37a294b06efb2d09d570207eae37aeacfee5098',
  },
  external: {
    secrets: 'ce741a03b00079beebb63c4dff7ab8717d407522',
    revision: 'ce741a03b00079beebb63c4dff7ab8717d407522',
    services: '7a059b032e499bf11db81ab40c7957947dc5df10',
    backends: '6660985bf5d52f87a45155fd2782e4b180d5f84d',
    migration: 'migrate-0-1-0-ec785fd3a7',
    policy: '43acc8e10a55038b190bbbdb034fabca28daad0a',
    base: 'e37a294b06efb2d09d570207eae37aeacfee5098',
  },
};

const pool = { endpoint: 'http://s3:9000', bucket: 'b', prefix: 'p/', region: 'r', accessKey: 'a', secretKey: 's' };

function inputOf(spec: object, more: Partial<CellInput>): CellInput {
  const full = { version: '0.1.0', domain: 'files.example.com', pools: ['main'], ...spec };
  const judged = judge(cellKind, { apiVersion: 'driftbox.io/v1alpha1', kind: 'Cell', metadata: { name: 'eu' }, spec: full });
  if (!judged.ok) throw new Error(JSON.stringify(judged.faults));
  const chart = { folder: '', digest: 'chart' };
  const images = ['services', 'nginx', 'postgres', 'kafka', 'redis'].map((name, n) => [name, `sha256:${'abcde'.charAt(n).repeat(64)}`]);
  return {
    name: 'eu',
    spec: (judged.resource as { readonly spec: CellSpec }).spec,
    master: Object.fromEntries(Object.keys(makeMaster()).map((key) => [key, `of ${key}`])),
    keys: { 'keys.json': '{}' },
    copied: {},
    version: {
      version: '0.1.0',
      images: Object.fromEntries(images) as Record<string, string>,
      charts: { 'driftbox-cell': chart, 'driftbox-backends': chart },
    },
    pool: { pool: 'main', isBundled: true, authority: 'of the pool', ...pool },
    images: { registry: 'localhost', pullSecrets: ['pull'] },
    operatorNamespace: 'system',
    ...more,
  };
}

function givenNow(input: CellInput): (typeof given)['bundled'] {
  return {
    secrets: digestOf(cellSecrets(input)),
    revision: secretsRevision(input),
    services: releaseDigest(cellRelease(input)),
    backends: releaseDigest(backendsRelease(input)),
    migration: migrationJob(input).metadata.name,
    policy: digestOf(migrationPolicy(input)),
    base: digestOf(baseObjects(ownedOf(input, { namespace: 'system', name: 'op' }))),
  };
}

test('a cell of the version before, with back ends of its own, is given what it was given then', () => {
  const tls = { certificate: 'c', key: 'k', authority: 'a' };
  expect(givenNow(inputOf({ profile: 'small' }, { tls }))).toEqual(given.bundled);
});

test('one with back ends of others, authorities, certificates and a mirror as well', () => {
  const pair = { 'tls.crt': 'c', 'tls.key': 'k' };
  const login = { username: 'u', password: 'p' };
  const spec = {
    postgres: {
      external: { hosts: ['pg.example.com'], credentialsSecret: 'pg', authoritySecret: 'pg-ca', certificateSecret: 'pg-cert' },
    },
    kafka: { external: { brokers: ['kafka.example.com:9093'], credentialsSecret: 'kafka', authoritySecret: 'kafka-ca' } },
    redis: {
      external: {
        host: 'redis.example.com',
        credentialsSecret: 'redis',
        authoritySecret: 'redis-ca',
        certificateSecret: 'redis-cert',
      },
    },
  };
  const authorities = { postgresAuthority: { 'ca.crt': '1' }, kafkaAuthority: { 'ca.crt': '2' }, redisAuthority: { 'ca.crt': '3' } };
  const copied = { postgres: login, kafka: login, redis: login, ...authorities, postgresCertificate: pair, redisCertificate: pair };
  expect(givenNow(inputOf(spec, { copied, mirror: { pool: 'second', isBundled: false, ...pool } }))).toEqual(given.external);
});
