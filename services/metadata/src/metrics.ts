import { createRoundMetrics, type Round } from '@driftbox/service-kit';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Drift } from './measure-drift.ts';

/** What metadata counts beyond requests; labels are closed sets. */
export type MetadataMetrics = {
  readonly operations: Counter<'outcome'>;
  readonly commitSeconds: Histogram;
  readonly swept: Counter<'what'>;
  /** Keeps how far a tenant's ledgers were from a recount; the sum over all tenants is shown. */
  readonly noteDrift: (tenantId: string, drift: Drift) => void;
  readonly retention: Round;
  readonly recount: Round;
};

export function createMetrics(registry: Registry): MetadataMetrics {
  const registers = [registry];
  return {
    noteDrift: driftGauge(registry),
    retention: createRoundMetrics(registry, 'retention'),
    recount: createRoundMetrics(registry, 'logical_recount'),
    operations: new Counter({
      name: 'driftbox_metadata_operations_total',
      help: 'Operations of commits, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    commitSeconds: new Histogram({
      name: 'driftbox_metadata_commit_seconds',
      help: 'Time of one commit in the database',
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    swept: new Counter({
      name: 'driftbox_metadata_swept_rows_total',
      help: 'Rows that retention removed, by kind',
      labelNames: ['what'],
      registers,
    }),
  };
}

/** Tenants without drift are not kept: a defect concerns few. */
function driftGauge(registry: Registry): MetadataMetrics['noteDrift'] {
  const found = new Map<string, Drift>();
  for (const unit of ['bytes', 'files'] as const) {
    const gauge: Gauge = new Gauge({
      name: `driftbox_metadata_ledger_drift_${unit}`,
      help: `How far logical ledgers are from a recount, in ${unit}, as this process last counted; anything but zero is a defect`,
      registers: [registry],
      collect: () => gauge.set([...found.values()].reduce((sum, drift) => sum + drift[unit], 0)),
    });
  }
  return (tenantId, drift) => {
    if (drift.bytes === 0 && drift.files === 0) found.delete(tenantId);
    else if (found.size < 10_000) found.set(tenantId, drift);
  };
}
