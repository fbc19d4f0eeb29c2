import type { CellSpec } from '@driftbox/resources';
import type { CellInput } from './cell-input.ts';
import { kafkaCluster } from './delegated-kafka.ts';
import { postgresCluster } from './delegated-postgres.ts';
import { cellNames } from './names.ts';

/** Where the back ends of a cell answer; addresses as `host:port`. */
export type BackendAddresses = { readonly postgres: readonly string[]; readonly kafka: readonly string[]; readonly redis: string };

/** How many there are of each that comes along, as `driftbox-backends/files/profiles.yaml` has it. */
const counts = { tiny: { postgres: 1, kafka: 1 }, small: { postgres: 2, kafka: 3 }, large: { postgres: 2, kafka: 3 } } as const;

/** What the addresses of back ends follow from. */
type Addressed = Pick<CellInput, 'name' | 'inner'> & { readonly spec: Pick<CellSpec, 'profile' | 'postgres' | 'kafka' | 'redis'> };

/** Whether a back end comes along, and is certified by the cell's own authority. */
export function isKnown(part: 'postgres' | 'kafka' | 'redis', { inner, spec }: Pick<Addressed, 'inner' | 'spec'>): boolean {
  return inner !== undefined && spec[part].bundled !== undefined;
}

/** The spec says where those of others are; where ours are follows from the names of release and namespace. */
export function backendAddresses({ name: cell, spec, inner }: Addressed): BackendAddresses {
  const { profile, postgres, kafka, redis } = spec;
  const { backendsRelease, namespace } = cellNames(cell);
  const ports = portsOf({ spec, inner });
  const members = (part: 'postgres' | 'kafka', port: number): string[] => {
    const name = `${backendsRelease}-${part}`;
    return Array.from({ length: counts[profile][part] }, (_, index) => `${name}-${index}.${name}.${namespace}.svc:${port}`);
  };
  // The Services that CloudNativePG keeps in front of the primary, and Strimzi in front of all brokers.
  const bootstrap = kafka.delegated && `${kafkaCluster}-kafka-bootstrap.${namespace}.svc`;
  const writer = postgres.delegated && [`${postgresCluster}-rw.${namespace}.svc:5432`];
  const [brokers = 0] = kafkaPorts({ spec, inner });
  return {
    postgres: writer ?? postgres.external?.hosts.map((host) => `${host}:${ports.postgres}`) ?? members('postgres', 5432),
    kafka: bootstrap === undefined ? (kafka.external?.brokers ?? members('kafka', brokers)) : [`${bootstrap}:${brokers}`],
    redis: `${redis.external?.host ?? `${backendsRelease}-redis.${namespace}.svc`}:${ports.redis}`,
  };
}

/** On which ports PostgreSQL and Redis answer. */
export function portsOf(input: Pick<Addressed, 'inner' | 'spec'>): { readonly postgres: number; readonly redis: number } {
  const { postgres, redis } = input.spec;
  return { postgres: postgres.external?.port ?? 5_432, redis: redis.external?.port ?? (isKnown('redis', input) ? 6_380 : 6_379) };
}

/** How many brokers hold each event. */
export function eventReplicas({ profile, kafka }: Pick<CellSpec, 'profile' | 'kafka'>): number {
  return kafka.external?.replicas ?? counts[profile].kafka;
}

/** On which ports Kafka answers. */
export function kafkaPorts(input: Pick<Addressed, 'inner' | 'spec'>): readonly number[] {
  const { external, delegated } = input.spec.kafka;
  if (delegated !== undefined) return [9_093];
  const ports = external?.brokers.map((one) => Number(one.split(':').at(-1)));
  return [...new Set(ports ?? [isKnown('kafka', input) ? 9_094 : 9_092])].toSorted((a, b) => a - b);
}
