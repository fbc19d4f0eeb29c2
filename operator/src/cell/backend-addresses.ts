import type { CellSpec } from '@driftbox/resources';
import { kafkaCluster } from './delegated-kafka.ts';
import { postgresCluster } from './delegated-postgres.ts';
import { cellNames } from './names.ts';

/** Where the back ends of a cell answer; addresses as `host:port`. */
export type BackendAddresses = { readonly postgres: readonly string[]; readonly kafka: readonly string[]; readonly redis: string };

/** How many there are of each that comes along, as `driftbox-backends/files/profiles.yaml` has it. */
const counts = { tiny: { postgres: 1, kafka: 1 }, small: { postgres: 2, kafka: 3 }, large: { postgres: 2, kafka: 3 } } as const;

/** The spec says where those of others are; where ours are follows from the names of release and namespace. */
export function backendAddresses(cell: string, { profile, postgres, kafka, redis }: CellSpec): BackendAddresses {
  const { backendsRelease, namespace } = cellNames(cell);
  const members = (part: 'postgres' | 'kafka', port: number): string[] => {
    const name = `${backendsRelease}-${part}`;
    return Array.from({ length: counts[profile][part] }, (_, index) => `${name}-${index}.${name}.${namespace}.svc:${port}`);
  };
  // The Services that CloudNativePG keeps in front of the primary, and Strimzi in front of all brokers.
  const bootstrap = kafka.delegated && [`${kafkaCluster}-kafka-bootstrap.${namespace}.svc:9092`];
  const writer = postgres.delegated && [`${postgresCluster}-rw.${namespace}.svc:5432`];
  return {
    postgres:
      writer ?? postgres.external?.hosts.map((host) => `${host}:${portsOf({ postgres, redis }).postgres}`) ?? members('postgres', 5432),
    kafka: bootstrap ?? kafka.external?.brokers ?? members('kafka', 9092),
    redis: `${redis.external?.host ?? `${backendsRelease}-redis.${namespace}.svc`}:${portsOf({ postgres, redis }).redis}`,
  };
}

/** On which ports PostgreSQL and Redis answer. */
export function portsOf({ postgres, redis }: Pick<CellSpec, 'postgres' | 'redis'>): { readonly postgres: number; readonly redis: number } {
  return { postgres: postgres.external?.port ?? 5_432, redis: redis.external?.port ?? 6_379 };
}

/** How many brokers hold each event. */
export function eventReplicas({ profile, kafka }: Pick<CellSpec, 'profile' | 'kafka'>): number {
  return kafka.external?.replicas ?? counts[profile].kafka;
}

/** On which ports Kafka answers. */
export function kafkaPorts({ kafka }: Pick<CellSpec, 'kafka'>): readonly number[] {
  const ports = kafka.external?.brokers.map((one) => Number(one.split(':').at(-1)));
  return [...new Set(ports ?? [9_092])].toSorted((a, b) => a - b);
}
