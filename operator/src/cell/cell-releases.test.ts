import { cellKind, judge, type CellSpec } from '@driftbox/resources';
import { expect, test } from '@jest/globals';
import { textOf } from '../secret.ts';
import type { CellInput } from './cell-input.ts';
import { backendsRelease, cellRelease, volumeSizes } from './cell-releases.ts';
import { cellSecrets } from './cell-secrets.ts';
import { findUnsupported } from './find-unsupported.ts';
import { makeMaster } from './master-secret.ts';
import { migrationJob, migrationPolicy } from './migration-job.ts';
import { cellNames, secretNames } from './names.ts';
import { sharedNames } from './shared-names.ts';

const chart = { folder: '', digest: '' };
const pool: CellInput['pool'] = {
  pool: 'main',
  endpoint: 'http://s3:9000',
  bucket: 'b',
  prefix: '',
  region: 'r',
  accessKey: 'a',
  secretKey: 's',
  isBundled: false,
};

function inputOf(spec: object, copied: CellInput['copied'] = {}): CellInput {
  const full = { version: '0.1.0', domain: 'files.example.com', pools: ['main'], ...spec };
  const judged = judge(cellKind, { apiVersion: 'driftbox.io/v1alpha1', kind: 'Cell', metadata: { name: 'eu' }, spec: full });
  if (!judged.ok) throw new Error(JSON.stringify(judged.faults));
  return {
    name: 'eu',
    spec: (judged.resource as { readonly spec: CellSpec }).spec,
    master: makeMaster(),
    keys: { 'keys.json': '{}' },
    copied,
    version: { version: '0.1.0', images: {}, charts: { 'driftbox-cell': chart, 'driftbox-backends': chart } },
    pool,
    images: { registry: 'localhost', pullSecrets: [] },
    operatorNamespace: 'system',
  };
}

/** Of a version whose charts know CloudNativePG. */
const delegating = { version: '0.2.0', postgres: { delegated: { size: '50Gi', volumeClass: 'fast' } } };

/** What is in a Secret of the cell's namespace. */
const secretIn = (input: CellInput, name: string) => textOf(cellSecrets(input).find(({ metadata }) => metadata.name === name)!);

test('what would be kept in one pool of several is not begun; a template may name several', () => {
  const pools = ['main', 'more'];
  expect(findUnsupported(inputOf({ pools }).spec)).toBe('spec.pools: the services of a cell keep packs in one pool; name that one alone');
  expect(findUnsupported(inputOf({ pools, template: true }).spec)).toBeUndefined();
});

test('two cells on one Redis have no key in common', () => {
  const [one, other] = [inputOf({}), inputOf({})];
  const prefixOf = (input: CellInput): unknown => (cellRelease(input).values as { redis: { prefix: string } }).redis.prefix;
  expect(prefixOf(one)).toBe(sharedNames(one.master).redisPrefix);
  expect(String(prefixOf(one))).toMatch(/^driftbox:[0-9a-f]{16}:$/);
  expect(prefixOf(other)).not.toBe(prefixOf(one));
});

test('PostgreSQL and Kafka have volumes of their own sizes and classes', () => {
  const of = (size: string, volumeClass: string) => ({ bundled: { size, volumeClass } });
  const input = inputOf({ postgres: of('30Gi', 'fast'), kafka: of('7Gi', 'slow') });
  const sizes = { postgres: { storage: '30Gi', storageClass: 'fast' }, kafka: { storage: '7Gi', storageClass: 'slow' } };
  expect(backendsRelease(input).values).toMatchObject({ sizes });
  expect(volumeSizes('eu', input.spec)).toEqual({ 'eu-backends-postgres': '30Gi', 'eu-backends-kafka': '7Gi' });
});

test('charts get the image that copies PostgreSQL for its standby, but that of 0.1.0, which knows none', () => {
  const of = (version: string) => {
    const input = inputOf({});
    return backendsRelease({ ...input, version: { ...input.version, version, images: { services: 'sha256:a' } } }).values;
  };
  expect(of('0.1.0')).not.toHaveProperty('images.services');
  expect(of('0.2.0')).toHaveProperty('images.services.digest', 'sha256:a');
});

test('parts know one another by certificates that pods take anew by themselves; only another authority starts pods anew', () => {
  const leafOf = (text: string) => ({ certificate: `${text} certificate`, key: `${text} key` });
  const parts = ['auth', 'metadata', 'upload', 'sync', 'share', 'notification', 'gateway', 'probe', 'postgres', 'kafka', 'redis'] as const;
  const innerOf = (authority: string, text: string): NonNullable<CellInput['inner']> => ({
    authority,
    leaves: Object.fromEntries(parts.map((part) => [part, leafOf(`${text} ${part}`)])) as NonNullable<CellInput['inner']>['leaves'],
  });
  const plain = inputOf({});
  const input = { ...plain, inner: innerOf('ca', 'first') };
  expect(backendsRelease(input).values).toMatchObject({ secrets: { innerTls: secretNames.innerTls } });
  expect(backendsRelease(plain).values).not.toHaveProperty('secrets');
  expect(cellRelease(input).values).toHaveProperty('postgres.innerTls', true);
  const theirs = inputOf({ postgres: { external: { hosts: ['db.example.com'], credentialsSecret: 'pg' } } });
  expect(cellRelease({ ...theirs, inner: input.inner }).values).not.toHaveProperty('postgres.innerTls');
  const broker = 'eu-backends-kafka-0.eu-backends-kafka.driftbox-cell-eu.svc:9094';
  expect(cellRelease(input).values).toMatchObject({
    kafka: { brokers: expect.arrayContaining([broker]), tls: true, innerTls: true, ports: [9094] },
  });
  const certificateOf = (text: string): unknown =>
    (backendsRelease({ ...plain, inner: innerOf('ca', text) }).values as { kafka: { certificate?: string } }).kafka.certificate;
  expect(certificateOf('renewed')).not.toBe(certificateOf('first'));
  expect(cellRelease(input).values).toMatchObject({ redis: { port: 6380, innerTls: true } });
  expect(secretIn(input, secretNames.redis)['url']).toMatch(/^rediss:\/\/:[^@]+@eu-backends-redis\.driftbox-cell-eu\.svc:6380$/);
  expect(secretIn(plain, secretNames.redis)['url']).toMatch(/^redis:\/\/:[^@]+@eu-backends-redis\.driftbox-cell-eu\.svc:6379$/);
  const job = JSON.stringify(migrationJob(input));
  expect(job).toContain('{"name":"DRIFTBOX_DATABASE_AUTHORITY_FILE","value":"/etc/driftbox/inner-tls/ca.crt"}');
  expect(job).toContain('{"secretName":"driftbox-inner-tls","items":[{"key":"ca.crt","path":"ca.crt"}]}');
  expect(job).toContain('{"name":"DRIFTBOX_KAFKA_AUTHORITY_FILE","value":"/etc/driftbox/inner-tls/ca.crt"}');
  expect(job).toContain('{"name":"DRIFTBOX_KAFKA_TLS","value":"true"}');
  expect(JSON.stringify(migrationPolicy(input))).toContain('9094');
  expect(JSON.stringify(migrationJob(plain))).not.toContain('inner-tls');
  expect(cellRelease(input).values).toMatchObject({ secrets: { innerTls: secretNames.innerTls } });
  expect(secretIn(input, secretNames.innerTls)).toMatchObject({
    'ca.crt': 'ca',
    'sync.crt': 'first sync certificate',
    'sync.key': 'first sync key',
  });
  const revisionOf = (of: CellInput) => (cellRelease(of).values as { secrets: { revision: string } }).secrets.revision;
  expect(revisionOf({ ...plain, inner: innerOf('ca', 'renewed') })).toBe(revisionOf(input));
  expect(revisionOf({ ...plain, inner: innerOf('other', 'first') })).not.toBe(revisionOf(input));
  expect(revisionOf(plain)).not.toBe(revisionOf(input));
  expect(cellRelease(plain).values).not.toHaveProperty('secrets.innerTls');
  expect(cellSecrets(plain).map(({ metadata }) => metadata.name)).not.toContain(secretNames.innerTls);
});

test('every service has as many pods as the spec says', () => {
  const replicas = { auth: 2, metadata: 3, sync: 4, upload: 5, share: 6, notification: 7, gateway: 8 };
  const sizes = Object.entries(replicas).map(([part, count]) => [part, { replicas: count }]);
  expect(cellRelease(inputOf({ replicas })).values).toMatchObject({ sizes: Object.fromEntries(sizes) });
});

test('a collector and a probe come with copies of the Secrets that they need, and without them there are none', () => {
  const spec = {
    tracing: { endpoint: 'http://collector:4318', sharePercent: 5, headersSecret: 'theirs' },
    probe: { tenantHost: 'probe.files.example.com', credentialsSecret: 'somebody', everySeconds: 60 },
  };
  const input = inputOf(spec, { tracing: { headers: 'a=b' }, probe: { email: 'p@example.com', password: 'x' } });
  expect(cellRelease(input).values).toMatchObject({
    tracing: { endpoint: 'http://collector:4318', share: '0.05', headersSecret: secretNames.tracing },
    probe: { enabled: true, tenantHost: 'probe.files.example.com', secret: secretNames.probe, every: '60s' },
  });
  const secret = (name: string) => cellSecrets(input).find(({ metadata }) => metadata.name === name);
  expect(textOf(secret(secretNames.tracing)!)).toEqual({ headers: 'a=b' });
  expect(textOf(secret(secretNames.probe)!)).toEqual({ email: 'p@example.com', password: 'x' });
  const certified = { ...input, tls: { certificate: 'c', key: 'k', authority: 'made here' } };
  expect(secretIn(certified, secretNames.authorities)).toEqual({ 'ca.crt': 'made here\n' });
  expect(cellRelease(certified).values).toMatchObject({ secrets: { authorities: secretNames.authorities } });
  const plain = inputOf({});
  expect(cellRelease({ ...certified, spec: plain.spec }).values).not.toHaveProperty('secrets.authorities');
  expect(cellRelease(plain).values).not.toHaveProperty('tracing');
  expect(cellSecrets(plain).map(({ metadata }) => metadata.name)).not.toContain(secretNames.probe);
});

test('a Prometheus finds every part by its labels, and reaches it from its namespace', () => {
  const monitoring = { namespace: 'prometheus', everySeconds: 15, labels: { release: 'stack' } };
  expect(cellRelease(inputOf({ monitoring })).values).toMatchObject({
    monitoring: { serviceMonitors: true, interval: '15s', labels: { release: 'stack' } },
    networkPolicy: { monitoring: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'prometheus' } } } },
  });
  expect(cellRelease(inputOf({ monitoring: {} })).values).toMatchObject({ monitoring: { interval: '30s', labels: {} } });
  expect(cellRelease(inputOf({})).values).not.toHaveProperty('monitoring');
});

test('a mirror is told to the services with keys of its own, and lies under the same name there as in the pool', () => {
  const mirror = { ...pool, pool: 'second', endpoint: 'https://other:9000', bucket: 'c', prefix: 'eu/', accessKey: 'a2', secretKey: 's2' };
  const input = { ...inputOf({}), mirror };
  const keysOf = (of: CellInput) => textOf(cellSecrets(of).find(({ metadata }) => metadata.name === secretNames.s3)!);
  const { prefix } = sharedNames(input.master);
  expect(cellRelease(input).values).toMatchObject({
    s3: { endpoint: 'http://s3:9000', bucket: 'b', prefix },
    mirror: { endpoint: 'https://other:9000', bucket: 'c', prefix: `eu/${prefix}`, region: 'r', peers: [] },
  });
  const own = { 'access-key': 'a', 'secret-key': 's' };
  expect(keysOf(input)).toEqual({ ...own, 'mirror-access-key': 'a2', 'mirror-secret-key': 's2' });
  const bundled = cellRelease({ ...input, mirror: { ...mirror, isBundled: true } }).values;
  expect(bundled).toMatchObject({ mirror: { peers: [{ namespaceSelector: { matchLabels: { 'driftbox.io/pool': 'second' } } }] } });
  expect(cellRelease(inputOf({})).values).not.toHaveProperty('mirror');
  expect(keysOf(inputOf({}))).toEqual(own);
});

test('keys that OpenBao holds: pods get a token, and another one starts none of them anew', () => {
  const transit = { url: 'https://bao.example.com:8200', namespace: 'team', tokenSecret: 'bao', authoritySecret: 'bao-ca' };
  const revisionOf = (of: CellInput) => (cellRelease(of).values as { secrets: { revision: string } }).secrets.revision;
  const input: CellInput = { ...inputOf({ keyManager: { transit } }), keys: { token: 't', 'ca.crt': 'c' } };
  const { url, namespace } = transit;
  expect(cellRelease(input).values).toMatchObject({ transit: { url, namespace, mount: 'transit', key: 'driftbox' } });
  expect(secretIn(input, secretNames.keys)).toEqual({ token: 't' });
  expect(secretIn(input, secretNames.authorities)).toEqual({ 'ca.crt': 'c\n' });
  expect(revisionOf({ ...input, keys: { token: 'renewed', 'ca.crt': 'c' } })).toBe(revisionOf(input));
  expect(revisionOf({ ...input, keys: { token: 't', 'ca.crt': 'other' } })).not.toBe(revisionOf(input));
  const plain = inputOf({});
  expect(cellRelease(plain).values).not.toHaveProperty('transit');
  expect(revisionOf({ ...plain, keys: { 'keys.json': 'other' } })).not.toBe(revisionOf(plain));
  expect(findUnsupported(input.spec)).toBeUndefined();
});

test('a certificate that is made anew starts no pod anew; another authority of its, which a probe trusts, does', () => {
  const revisionOf = (of: CellInput) => (cellRelease(of).values as { secrets: { revision: string } }).secrets.revision;
  const probe = { tenantHost: 'probe.files.example.com', credentialsSecret: 'somebody' };
  const input = { ...inputOf({ probe }), tls: { certificate: 'c', key: 'k', authority: 'ca' } };
  const renewed = { ...input, tls: { certificate: 'c2', key: 'k2', authority: 'ca' } };
  expect(secretIn(renewed, secretNames.tls)).toEqual({ 'tls.crt': 'c2', 'tls.key': 'k2' });
  expect(revisionOf(renewed)).toBe(revisionOf(input));
  expect(revisionOf({ ...input, tls: { ...input.tls, authority: 'other' } })).not.toBe(revisionOf(input));
});

const toOthers = { hosts: ['pg-1.example.com', 'pg-2.example.com'], port: 5433, credentialsSecret: 'pg' };
const logins = { postgres: { username: 'root', password: 'p@ss/1' }, redis: { username: 'eu', password: 'x' } };

test('PostgreSQL and Redis of others are spoken to as their Secrets say, and none comes along', () => {
  const spec = {
    postgres: { external: { ...toOthers, tls: false }, recoverWithinHours: 72 },
    redis: { external: { host: 'redis.example.com', credentialsSecret: 'redis', tls: false } },
  };
  const input = inputOf(spec, logins);
  const { database, role } = sharedNames(input.master);
  const servers = 'pg-1.example.com:5433,pg-2.example.com:5433';
  expect(secretIn(input, secretNames.postgres)['admin-url']).toBe(`postgresql://root:p%40ss%2F1@${servers}/postgres`);
  expect(secretIn(input, secretNames.databases)['auth']).toMatch(new RegExp(`^postgresql://${role('auth')}:[^@]+@${servers}/${database}$`));
  expect(secretIn(input, secretNames.redis)['url']).toBe('redis://eu:x@redis.example.com:6379');
  const ofPostgres = { port: 5433, peers: [], recoverWithinHours: 72 };
  expect(cellRelease(input).values).toMatchObject({ postgres: ofPostgres, redis: { port: 6379, peers: [] } });
  expect(backendsRelease(input).values).toMatchObject({ postgres: { enabled: false }, redis: { enabled: false } });
  expect(findUnsupported(input.spec)).toBeUndefined();
});

test('by TLS they must prove their names, by authorities that pods trust, and are shown certificates where they want some', () => {
  const spec = {
    postgres: { external: { ...toOthers, authoritySecret: 'pg-ca', certificateSecret: 'pg-cert' } },
    redis: { external: { host: 'redis.example.com', authoritySecret: 'redis-ca', certificateSecret: 'redis-cert' } },
  };
  const [postgresCertificate, redisCertificate] = ['1', '2'].map((n) => ({ 'tls.crt': `crt${n}`, 'tls.key': `key${n}` }));
  const authorities = { postgresAuthority: { 'ca.crt': 'one' }, redisAuthority: { 'ca.crt': 'two' } };
  const input = inputOf(spec, {
    ...logins,
    ...authorities,
    postgresCertificate: postgresCertificate!,
    redisCertificate: redisCertificate!,
  });
  const { 'admin-url': admin = '' } = secretIn(input, secretNames.postgres);
  const asked = 'sslmode=verify-full&sslcert=/etc/driftbox/postgres-certificate/tls.crt&sslkey=/etc/driftbox/postgres-certificate/tls.key';
  expect([admin, ...Object.values(secretIn(input, secretNames.databases))].every((url) => url.endsWith(`?${asked}`))).toBe(true);
  expect(secretIn(input, secretNames.redis)['url']).toBe('rediss://eu:x@redis.example.com:6379');
  expect(secretIn(input, secretNames.authorities)).toEqual({ 'ca.crt': 'one\ntwo\n' });
  expect(secretIn(input, secretNames.postgresCertificate)).toEqual(postgresCertificate);
  expect(secretIn(input, secretNames.redisCertificate)).toEqual(redisCertificate);
  const named = { postgresCertificate: secretNames.postgresCertificate, redisCertificate: secretNames.redisCertificate };
  expect(cellRelease(input).values).toMatchObject({ secrets: { ...named, authorities: secretNames.authorities } });
  expect(JSON.stringify(migrationJob(input))).toContain('"mountPath":"/etc/driftbox/postgres-certificate","readOnly":true');
  const { secrets } = cellRelease(inputOf({ postgres: { external: toOthers } }, logins)).values as { secrets: object };
  expect(Object.keys(secrets)).toEqual(['revision']);
});

test('two cells on one Kafka of others share no topic, log in to it by its certificate, and none comes along', () => {
  const external = { brokers: ['kafka-1.example.com:9093', 'kafka-2.example.com:9094'], credentialsSecret: 'k', authoritySecret: 'ca' };
  const copied = { kafka: { username: 'eu', password: 'x' }, kafkaAuthority: { 'ca.crt': 'theirs' } };
  const [one, other] = [inputOf({ kafka: { external } }, copied), inputOf({ kafka: { external } }, copied)];
  const kafkaIn = (input: CellInput) => (cellRelease(input).values as { kafka: { prefix: string } }).kafka;
  const { kafkaPrefix } = sharedNames(one.master);
  expect(kafkaPrefix).toMatch(/^[0-9a-f]{16}\.$/);
  const { brokers } = external;
  expect(kafkaIn(one)).toEqual({ brokers, prefix: kafkaPrefix, tls: true, mechanism: 'SCRAM-SHA-512', ports: [9093, 9094], peers: [] });
  expect(kafkaIn(other).prefix).not.toBe(kafkaPrefix);
  expect(cellRelease(one).values).toMatchObject({ secrets: { kafka: secretNames.kafka, authorities: secretNames.authorities } });
  expect([secretIn(one, secretNames.kafka), secretIn(one, secretNames.authorities)]).toEqual([copied.kafka, { 'ca.crt': 'theirs\n' }]);
  expect(backendsRelease(one).values).toMatchObject({ kafka: { enabled: false } });
  const job = JSON.stringify(migrationJob(one));
  for (const part of [
    `"DRIFTBOX_KAFKA_PREFIX","value":"${kafkaPrefix}"`,
    '"DRIFTBOX_KAFKA_TLS","value":"true"',
    'DRIFTBOX_KAFKA_PASSWORD',
    'NODE_EXTRA_CA_CERTS',
  ])
    expect(job).toContain(part);
  expect(JSON.stringify(migrationPolicy(one))).toContain('{"protocol":"TCP","port":9094}');
  expect(findUnsupported(one.spec)).toBeUndefined();
  const own = cellRelease(inputOf({})).values as { kafka: object; secrets: object };
  expect([Object.keys(own.kafka), Object.keys(own.secrets)]).toEqual([['brokers'], ['revision']]);
});

test('an authority of a pool, or of its mirror, is trusted by pods, each once', () => {
  const authority = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
  const input: CellInput = {
    ...inputOf({}),
    pool: { ...pool, authority },
    mirror: { ...pool, pool: 'second', authority: authority.trim() },
  };
  expect(secretIn(input, secretNames.authorities)).toEqual({ 'ca.crt': authority });
  expect(cellRelease(input).values).toMatchObject({ secrets: { authorities: secretNames.authorities } });
  const both: CellInput = { ...input, mirror: { ...pool, pool: 'second', authority: 'other' } };
  expect(secretIn(both, secretNames.authorities)).toEqual({ 'ca.crt': `${authority}other\n` });
});

test('PostgreSQL of CloudNativePG is rendered as a Cluster, and reached at its Service by the authority that it made', () => {
  const input = inputOf(delegating, { postgresAuthority: { 'ca.crt': 'of the Cluster' } });
  expect(findUnsupported(input.spec)).toBeUndefined();
  expect(backendsRelease(input).values).toMatchObject({
    postgres: { enabled: true, delegated: true },
    sizes: { postgres: { storage: '50Gi', storageClass: 'fast' } },
  });
  expect(volumeSizes('eu', input.spec)).toMatchObject({ 'eu-backends-postgres': undefined });
  const { password } = secretIn(input, secretNames.postgres);
  expect(secretIn(input, secretNames.postgresLogin)).toEqual({ username: 'postgres', password });
  const login = cellSecrets(input).find(({ metadata }) => metadata.name === secretNames.postgresLogin);
  expect(login).toMatchObject({ type: 'kubernetes.io/basic-auth', metadata: { labels: { 'cnpg.io/reload': 'true' } } });
  const server = `driftbox-postgres-rw.${cellNames('eu').namespace}.svc:5432`;
  expect(secretIn(input, secretNames.postgres)['admin-url']).toBe(
    `postgresql://postgres:${password}@${server}/postgres?sslmode=verify-full`,
  );
  expect(secretIn(input, secretNames.databases)['metadata']).toContain(
    `@${server}/${sharedNames(input.master).database}?sslmode=verify-full`,
  );
  expect(secretIn(input, secretNames.authorities)['ca.crt']).toBe('of the Cluster\n');
  const { values } = cellRelease(input);
  expect(values).toMatchObject({
    secrets: { authorities: secretNames.authorities },
    postgres: { port: 5432, peers: [{ podSelector: { matchLabels: { 'cnpg.io/cluster': 'driftbox-postgres' } } }] },
  });
});

test('Kafka of Strimzi is rendered, reached by TLS at its bootstrap Service, and trusted by its own authority', () => {
  const spec = { version: '0.2.0', kafka: { delegated: { size: '7Gi', volumeClass: 'slow' } } };
  const input = inputOf(spec, { kafkaAuthority: { 'ca.crt': 'of Strimzi' } });
  expect(findUnsupported(input.spec)).toBeUndefined();
  expect(backendsRelease(input).values).toMatchObject({
    kafka: { enabled: true, delegated: true },
    sizes: { kafka: { storage: '7Gi', storageClass: 'slow' } },
  });
  const brokers = [`driftbox-kafka-kafka-bootstrap.${cellNames('eu').namespace}.svc:9093`];
  const peers = [{ podSelector: { matchLabels: { 'strimzi.io/cluster': 'driftbox-kafka' } } }];
  expect((cellRelease(input).values as { kafka: object }).kafka).toEqual({ brokers, tls: true, ports: [9093], peers });
  expect(secretIn(input, secretNames.authorities)['ca.crt']).toBe('of Strimzi\n');
  const job = JSON.stringify(migrationJob(input));
  for (const [name, value] of [
    ['DRIFTBOX_KAFKA_BROKERS', brokers[0]],
    ['DRIFTBOX_KAFKA_TLS', 'true'],
    ['NODE_EXTRA_CA_CERTS', '/etc/driftbox/authorities/ca.crt'],
  ])
    expect(job).toContain(JSON.stringify({ name, value }));
  expect(JSON.stringify(migrationPolicy(input))).toContain('{"protocol":"TCP","port":9093}');
});

test('charts of before other operators were known are not begun, nor told of them', () => {
  const why = 'the charts of 0.1.0 make nothing for operators of others';
  expect(findUnsupported(inputOf({ ...delegating, version: '0.1.0' }).spec)).toContain(`spec.postgres.delegated: ${why}`);
  expect(findUnsupported(inputOf({ kafka: { delegated: {} } }).spec)).toContain(`spec.kafka.delegated: ${why}`);
  expect(JSON.stringify(backendsRelease(inputOf({})).values)).not.toContain('delegated');
  expect(cellSecrets(inputOf({})).map(({ metadata }) => metadata.name)).not.toContain(secretNames.postgresLogin);
});
