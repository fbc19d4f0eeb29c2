import type { CellSpec } from '@driftbox/resources';
import { cellNames } from './names.ts';

/** Where the back ends answer that come along with a cell; addresses as `host:port`. */
export type BundledAddresses = { readonly postgres: readonly string[]; readonly kafka: readonly string[]; readonly redis: string };

/** How many of each there are, as `driftbox-backends/files/profiles.yaml` has it. */
const counts = { tiny: { postgres: 1, kafka: 1 }, small: { postgres: 2, kafka: 3 }, large: { postgres: 2, kafka: 3 } } as const;

/** Addresses follow from the names of release and namespace: those of members by the headless Service of their set. */
export function bundledAddresses(cell: string, { profile }: Pick<CellSpec, 'profile'>): BundledAddresses {
  const { backendsRelease, namespace } = cellNames(cell);
  const members = (part: 'postgres' | 'kafka', port: number): string[] => {
    const name = `${backendsRelease}-${part}`;
    return Array.from({ length: counts[profile][part] }, (_, index) => `${name}-${index}.${name}.${namespace}.svc:${port}`);
  };
  return { postgres: members('postgres', 5432), kafka: members('kafka', 9092), redis: `${backendsRelease}-redis.${namespace}.svc:6379` };
}

/** How many brokers hold each event. */
export function eventReplicas({ profile }: Pick<CellSpec, 'profile'>): number {
  return counts[profile].kafka;
}
