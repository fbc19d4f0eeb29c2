import path from 'node:path';
import { createS3Bucket } from '@driftbox/chunk-store';
import { applyTopics, createKafkaClient, topics } from '@driftbox/event-bus';
import type { PostgresServer } from '@driftbox/postgres-server';
import type { RestartableNode } from '../components/component.ts';
import { startKafka } from '../components/servers/kafka.ts';
import { startMinio, startMinioCluster, type S3Addresses } from '../components/servers/minio.ts';
import { startPostgres } from '../components/servers/postgres.ts';
import { startOidcProvider, type OidcProvider } from '../components/servers/oidc.ts';
import { startRedis } from '../components/servers/redis.ts';
import { startSmtpSink, type SmtpSink } from '../components/servers/smtp.ts';
import { restartablePostgres } from '../components/servers/restartable-postgres.ts';
import { balanceS3 } from './balancer.ts';
import type { Part } from './part.ts';
import { prepareDatabase, type ConnectionStrings } from './prepare-database.ts';

/** The real servers under a stack, ready for its services. */
export type Backends = {
  readonly databases: ConnectionStrings;
  /** PostgreSQL as its administrator, by a socket that asks for no password, until it is restarted. */
  readonly databaseAdmin: PostgresServer['connection'];
  readonly brokers: readonly string[];
  readonly redisUrl: string;
  readonly s3: S3Addresses & { readonly bucket: string };
  /** Takes every mail, inside this process. */
  readonly smtp: SmtpSink;
  /** At which anybody signs in, inside this process. */
  readonly oidc: OidcProvider;
  /** Every node of each. */
  readonly parts: readonly Part[];
};

/** Takes what has been started, so that it is stopped again whatever happens next. */
export type Keep = (running: { stop(): Promise<unknown> }) => void;

type Options = {
  readonly folder: string;
  readonly small: boolean;
  /** Where the OpenID provider may send people back to. */
  readonly redirectUris: readonly string[];
  readonly keep: Keep;
  readonly report: (line: string) => void;
};

const bucket = 'driftbox-packs';

/** Starts all of them side by side, in `folder`: redundant ones, or with `small` one of each. */
export async function startBackends({ folder, small, redirectUris, keep, report }: Options): Promise<Backends> {
  const at = (name: string): string => path.join(folder, name);
  const parts: Part[] = [];
  const addParts = (name: string, nodes: readonly RestartableNode[]): void =>
    nodes.forEach(({ pid, kill, start }, index) =>
      parts.push({ name: nodes.length === 1 ? name : `${name}-${index + 1}`, pid, kill, start }),
    );
  async function started<T extends { stop(): Promise<unknown> }>(name: string, starting: Promise<T>): Promise<T> {
    const running = await starting;
    keep(running);
    report(`${name} is up`);
    return running;
  }
  const postgres = async (): Promise<Pick<Backends, 'databases' | 'databaseAdmin'>> => {
    if (small) {
      const node = await started('PostgreSQL', restartablePostgres({ folder: at('postgres'), durability: 'durable', port: 0 }));
      addParts('postgres', [node]);
      const { connection, tcpPort = 0 } = node.server();
      return { databases: await prepareDatabase(connection, [tcpPort]), databaseAdmin: connection };
    }
    const { primary, standby, nodes } = await started('PostgreSQL with a standby', startPostgres(at('postgres')));
    addParts('postgres', nodes);
    const { connection, tcpPort = 0 } = primary;
    return { databases: await prepareDatabase(connection, [tcpPort, standby.tcpPort ?? 0]), databaseAdmin: connection };
  };
  const kafka = async (): Promise<readonly string[]> => {
    const count = small ? 1 : 3;
    const { brokers, nodes } = await started(small ? 'Kafka' : 'Kafka with three brokers', startKafka(at('kafka'), count));
    addParts('kafka', nodes);
    await applyTopics(createKafkaClient({ brokers, clientId: 'stack' }), topics, { replicas: count });
    return brokers;
  };
  const minio = async (): Promise<Backends['s3']> => {
    const start = small ? startMinio(at('minio')) : startMinioCluster(at('minio'));
    const { s3, nodes } = await started(small ? 'MinIO' : 'MinIO with four nodes', start);
    addParts('minio', nodes);
    await createS3Bucket({ ...s3, bucket });
    if (small) return { ...s3, bucket };
    const endpoint = await balanceS3(
      at('minio-balancer'),
      nodes.map((node) => node.s3.endpoint),
      keep,
    );
    return { ...s3, endpoint, bucket };
  };
  const redis = async (): Promise<string> => {
    const running = await started('Redis', startRedis(at('redis')));
    addParts('redis', running.nodes);
    return running.addresses['url'] ?? '';
  };
  const smtp = started('the mail server', startSmtpSink(at('mails')));
  const oidc = started('the OpenID provider', startOidcProvider(redirectUris));
  // All are waited for, so that none is still starting when the others are stopped.
  const all = [postgres(), kafka(), minio(), redis(), smtp, oidc] as const;
  await Promise.allSettled(all);
  const [database, brokers, s3, redisUrl, mailServer, provider] = await Promise.all(all);
  return { ...database, brokers, s3, redisUrl, smtp: mailServer, oidc: provider, parts };
}
