import path from 'node:path';
import { createS3Bucket } from '@driftbox/chunk-store';
import { applyTopics, createKafkaClient, topics } from '@driftbox/event-bus';
import { startPostgresServer } from '@driftbox/postgres-server';
import type { RunningComponent } from '../components/component.ts';
import { startKafka } from '../components/servers/kafka.ts';
import { startMinio, startMinioCluster, type S3Addresses } from '../components/servers/minio.ts';
import { startPostgres } from '../components/servers/postgres.ts';
import { startRedis } from '../components/servers/redis.ts';
import { prepareDatabase, type ConnectionStrings } from './prepare-database.ts';

/** The real servers under a stack, ready for its services. */
export type Backends = {
  readonly databases: ConnectionStrings;
  readonly brokers: readonly string[];
  readonly redisUrl: string;
  readonly s3: S3Addresses & { readonly bucket: string };
};

/** Takes what has been started, so that it is stopped again whatever happens next. */
export type Keep = (running: { stop(): Promise<unknown> }) => void;

type Options = { readonly folder: string; readonly small: boolean; readonly keep: Keep; readonly report: (line: string) => void };

const bucket = 'driftbox-packs';

/** Starts all of them side by side, in `folder`: redundant ones, or with `small` one of each. */
export async function startBackends({ folder, small, keep, report }: Options): Promise<Backends> {
  const at = (name: string): string => path.join(folder, name);
  async function started<T extends { stop(): Promise<unknown> }>(name: string, starting: Promise<T>): Promise<T> {
    const running = await starting;
    keep(running);
    report(`${name} is up`);
    return running;
  }
  const postgres = async (): Promise<ConnectionStrings> => {
    if (small) {
      const server = await started('PostgreSQL', startPostgresServer({ folder: at('postgres'), durability: 'durable', port: 0 }));
      return prepareDatabase(server.connection, [server.tcpPort ?? 0]);
    }
    const { primary, standby } = await started('PostgreSQL with a standby', startPostgres(at('postgres')));
    return prepareDatabase(primary.connection, [primary.tcpPort ?? 0, standby.tcpPort ?? 0]);
  };
  const kafka = async (): Promise<readonly string[]> => {
    const count = small ? 1 : 3;
    const { brokers } = await started(small ? 'Kafka' : 'Kafka with three brokers', startKafka(at('kafka'), count));
    await applyTopics(createKafkaClient({ brokers, clientId: 'stack' }), topics, { replicas: count });
    return brokers;
  };
  const minio = async (): Promise<Backends['s3']> => {
    const start = small ? startMinio(at('minio')) : startMinioCluster(at('minio'));
    const { s3 } = await started(small ? 'MinIO' : 'MinIO with four nodes', start);
    await createS3Bucket({ ...s3, bucket });
    return { ...s3, bucket };
  };
  const redis = async (): Promise<string> => {
    const running: RunningComponent = await started('Redis', startRedis(at('redis')));
    return running.addresses['url'] ?? '';
  };
  // All are waited for, so that none is still starting when the others are stopped.
  const all = [postgres(), kafka(), minio(), redis()] as const;
  await Promise.allSettled(all);
  const [databases, brokers, s3, redisUrl] = await Promise.all(all);
  return { databases, brokers, s3, redisUrl };
}
