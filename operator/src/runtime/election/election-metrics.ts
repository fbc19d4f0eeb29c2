import { Gauge, type Registry } from 'prom-client';

/** Registers the gauge that every Kubernetes controller has under this name. */
export function createElectionMetrics(registry: Registry): Gauge<'name'> {
  return new Gauge({
    name: 'leader_election_master_status',
    help: '1 where this process leads; the sum over all processes should be 1',
    labelNames: ['name'],
    registers: [registry],
  });
}
