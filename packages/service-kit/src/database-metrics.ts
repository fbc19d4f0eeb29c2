import { Gauge, type Registry } from 'prom-client';

/** Connections of a service's pool at this moment, and how many callers wait for one. */
export type PoolState = { readonly open: number; readonly idle: number; readonly waiting: number };

/** The pools that a registry watches, by service. */
const watched = new WeakMap<Registry, Map<string, () => PoolState>>();

/** Registers how a service's connections to PostgreSQL are, which `read` is asked for at each scrape. */
export function createDatabaseMetrics(registry: Registry, service: string, read: () => PoolState): void {
  const pools = watched.get(registry) ?? new Map<string, () => PoolState>();
  pools.set(service, read);
  if (watched.has(registry)) return;
  watched.set(registry, pools);
  const registers = [registry];
  const connections: Gauge<'service' | 'state'> = new Gauge({
    name: 'driftbox_database_connections',
    help: 'Connections to PostgreSQL, by whether somebody uses them',
    labelNames: ['service', 'state'],
    registers,
    collect: () => {
      for (const [one, ask] of pools) {
        const { open, idle } = ask();
        connections.set({ service: one, state: 'busy' }, open - idle);
        connections.set({ service: one, state: 'idle' }, idle);
      }
    },
  });
  const waiting: Gauge<'service'> = new Gauge({
    name: 'driftbox_database_waiting_callers',
    help: 'Who waits for a connection to PostgreSQL; more than a moment of it means slow statements, or too few connections',
    labelNames: ['service'],
    registers,
    collect: () => {
      for (const [one, ask] of pools) waiting.set({ service: one }, ask().waiting);
    },
  });
}
