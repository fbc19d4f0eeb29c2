import { dataOf, type SecretObject } from '../secret.ts';
import { backendAddresses, isKnown } from './backend-addresses.ts';
import type { CellInput } from './cell-input.ts';
import { innerValues } from './inner-certificates.ts';
import { cellNames, databaseRoles, masterKeys, otherKey, postgresCertificatePath, secretNames } from './names.ts';
import { sharedNames } from './shared-names.ts';

/** The type of a Secret with a certificate and its key. */
const pair = 'kubernetes.io/tls';

/** CloudNativePG hears of changes to Secrets with this label alone. */
const followed = { 'cnpg.io/reload': 'true' };

/** The Secrets of a cell's namespace, made from its masters: the form that its charts expect. */
export function cellSecrets(input: CellInput): SecretObject[] {
  const { name, spec, master, keys, tls, inner, pool, mirror, copied = {} } = input;
  const { namespace } = cellNames(name);
  const { postgres, redis } = backendAddresses(input);
  const { database, role } = sharedNames(master);
  const authorities = trustedBy(input);
  const of = (key: string): string => master[key] ?? '';
  // There while the first is replaced.
  const otherOf = (key: string, as = key): Readonly<Record<string, string>> =>
    of(otherKey(key)) === '' ? {} : { [otherKey(as)]: of(otherKey(key)) };
  const secret = (called: string, values: Readonly<Record<string, string>>, type = 'Opaque', labels: object = {}): SecretObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: called, namespace, labels: { 'app.kubernetes.io/part-of': 'driftbox', ...labels } },
    type,
    data: dataOf(values),
  });
  const asked = tlsAsked(input);
  const url = (user: string, password: string, at: string): string =>
    `postgresql://${login(user, password)}@${postgres.join(',')}/${at}${asked}`;
  const own = { username: 'postgres', password: of('postgres-password') };
  const admin = copied.postgres ?? own;
  const visitor = spec.redis.external === undefined ? { username: '', password: of('redis-password') } : copied.redis;
  const scheme = spec.redis.external?.tls === true || isKnown('redis', input) ? 'rediss' : 'redis';
  const known = visitor === undefined ? '' : `${login(visitor['username'] ?? '', visitor['password'] ?? '')}@`;
  const databases = databaseRoles.map((one) => [one, url(role(one), of(`database-${one}`), database)]);
  const others = Object.assign({}, ...databaseRoles.map((one) => otherOf(`database-${one}`, one))) as Record<string, string>;
  return [
    secret(secretNames.cell, {
      'service-key': of(masterKeys.serviceKey),
      'signing-key-secret': of('signing-key-secret'),
      'content-url-secret': of('content-url-secret'),
      ...otherOf(masterKeys.serviceKey),
    }),
    secret(secretNames.databases, { ...(Object.fromEntries(databases) as Record<string, string>), ...others }),
    secret(secretNames.postgres, {
      password: of('postgres-password'),
      'replication-password': of('postgres-replication-password'),
      'admin-url': url(admin['username'] ?? '', admin['password'] ?? '', 'postgres'),
      ...(copied.postgres === undefined ? otherOf('postgres-password', 'password') : {}),
    }),
    ...(spec.postgres.delegated === undefined ? [] : [secret(secretNames.postgresLogin, own, 'kubernetes.io/basic-auth', followed)]),
    secret(secretNames.redisPassword, { password: of('redis-password'), ...otherOf('redis-password', 'password') }),
    secret(secretNames.redis, { url: `${scheme}://${known}${redis}` }),
    secret(secretNames.s3, {
      'access-key': pool.accessKey,
      'secret-key': pool.secretKey,
      ...(mirror === undefined ? {} : { 'mirror-access-key': mirror.accessKey, 'mirror-secret-key': mirror.secretKey }),
    }),
    secret(secretNames.keys, 'token' in keys ? { token: keys.token } : keys),
    ...(copied.kafka === undefined ? [] : [secret(secretNames.kafka, copied.kafka)]),
    ...(authorities === '' ? [] : [secret(secretNames.authorities, { 'ca.crt': authorities })]),
    ...(copied.postgresCertificate === undefined ? [] : [secret(secretNames.postgresCertificate, copied.postgresCertificate, pair)]),
    ...(copied.redisCertificate === undefined ? [] : [secret(secretNames.redisCertificate, copied.redisCertificate, pair)]),
    ...(copied.tracing === undefined ? [] : [secret(secretNames.tracing, copied.tracing)]),
    ...(copied.probe === undefined ? [] : [secret(secretNames.probe, copied.probe)]),
    ...(inner === undefined ? [] : [secret(secretNames.innerTls, innerValues(inner))]),
    ...(tls === undefined ? [] : [secret(secretNames.tls, { 'tls.crt': tls.certificate, 'tls.key': tls.key }, pair)]),
  ];
}

/** The certificates that pods trust besides those that everybody does, each once, in PEM; empty where there are none. */
export function trustedBy({ spec, keys, tls, copied = {}, pool, mirror }: CellInput): string {
  const named = [copied.postgresAuthority, copied.kafkaAuthority, copied.redisAuthority].map((one) => one?.['ca.crt']);
  // A probe comes by the front door.
  if (spec.probe !== undefined) named.push(tls?.authority);
  const all = ['token' in keys ? keys['ca.crt'] : undefined, ...named, pool.authority, mirror?.authority];
  return [...new Set(all.flatMap((one) => (one === undefined ? [] : [`${one.trim()}\n`])))].join('');
}

/** What the URL of a PostgreSQL that is not ours says of TLS, as libpq has it: it must prove its name, and may ask for a certificate. */
function tlsAsked({ spec, copied = {} }: CellInput): string {
  if (spec.postgres.external?.tls !== true && spec.postgres.delegated === undefined) return '';
  const at = postgresCertificatePath;
  return `?sslmode=verify-full${copied.postgresCertificate === undefined ? '' : `&sslcert=${at}/tls.crt&sslkey=${at}/tls.key`}`;
}

/** In a URL, where whatever others have chosen may mean something else. */
function login(user: string, password: string): string {
  return `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
}
