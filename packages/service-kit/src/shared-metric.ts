import type { Registry } from 'prom-client';

/** The metric of this name, made where a registry has none yet: services of one process share them, told apart by label. */
export function sharedMetric<M>(registry: Registry, name: string, create: (name: string) => M): M {
  return (registry.getSingleMetric(name) as M | undefined) ?? create(name);
}
