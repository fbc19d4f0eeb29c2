import { getCACertificates } from 'node:tls';
import { tryKafka } from '@driftbox/event-bus';
import { connectClient, type ServerTrust } from '@driftbox/postgres';
import { tryRedis } from '@driftbox/redis';
import type { CellSpec } from '@driftbox/resources';
import { backendTrouble } from './backend-trouble.ts';
import type { CellInput, Copied } from './cell-input.ts';
import type { Trouble } from './cell-observed.ts';

/** Why back ends of others do not let a cell in; neither where they do, or where the cell has its own. */
export type BackendsTried = { readonly database?: Trouble | undefined; readonly messaging?: Trouble | undefined };

/** Tries the back ends of others that a cell is to be on, and changes nothing there. */
export type TryBackends = (input: Pick<CellInput, 'spec' | 'copied'>) => Promise<BackendsTried>;

type External<Part extends 'postgres' | 'kafka' | 'redis'> = NonNullable<CellSpec[Part]['external']>;

const timeoutMs = 5_000;

/** Tries them by the clients that the services have, with the same credentials and authorities. */
export const tryBackends: TryBackends = async ({ spec: { postgres, kafka, redis }, copied = {} }) => {
  const [database, ...messaging] = await Promise.all([
    tried('postgres', postgres.external, (external) => tryPostgres(external, copied)),
    tried('kafka', kafka.external, (external) => tryBrokers(external, copied)),
    tried('redis', redis.external, (external) => trySharedMemory(external, copied)),
  ]);
  return { database, messaging: messaging.find((one) => one !== undefined) };
};

async function tried<Part extends 'postgres' | 'kafka' | 'redis'>(
  part: Part,
  external: External<Part> | undefined,
  attempt: (external: External<Part>) => Promise<unknown>,
): Promise<Trouble | undefined> {
  if (external === undefined) return undefined;
  return attempt(external).then(
    () => undefined,
    (error: unknown) => backendTrouble(`spec.${part}.external`, external, error),
  );
}

async function tryPostgres({ hosts, port, tls }: External<'postgres'>, copied: Copied): Promise<void> {
  const { username: user, password } = copied.postgres ?? {};
  const ssl = tls && trustOf(copied.postgresAuthority, copied.postgresCertificate);
  const settings = { applicationName: 'operator', statementTimeoutMs: timeoutMs, connectTimeoutMs: timeoutMs };
  const client = await connectClient({ host: hosts.join(','), port, database: 'postgres', user, password, ssl }, settings);
  await client.end();
}

async function tryBrokers({ brokers, tls, mechanism }: External<'kafka'>, copied: Copied): Promise<void> {
  const { username, password } = copied.kafka ?? {};
  const { ca } = trustOf(copied.kafkaAuthority, undefined);
  const sasl = username === undefined || password === undefined ? undefined : { mechanism, username, password };
  await tryKafka({ brokers, clientId: 'operator', tls: tls && (ca === undefined || { ca }), sasl });
}

async function trySharedMemory({ host, port, tls }: External<'redis'>, copied: Copied): Promise<void> {
  const { username = '', password = '' } = copied.redis ?? {};
  const login = copied.redis === undefined ? '' : `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  const trust = trustOf(copied.redisAuthority, copied.redisCertificate);
  await tryRedis(`${tls ? 'rediss' : 'redis'}://${login}${host}:${port}`, { commandTimeoutMs: timeoutMs, trust });
}

/** Pods trust an authority besides those that everybody does, and so does whoever tries for them. */
function trustOf(authority: Copied['redis'], certificate: Copied['redis']): ServerTrust {
  const own = authority?.['ca.crt'];
  return {
    ca: own === undefined ? undefined : [...getCACertificates('default'), own],
    cert: certificate?.['tls.crt'],
    key: certificate?.['tls.key'],
  };
}
