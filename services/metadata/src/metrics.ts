import { Counter, Histogram, type Registry } from 'prom-client';

/** What metadata counts beyond requests; labels are closed sets. */
export type MetadataMetrics = {
  readonly operations: Counter<'outcome'>;
  readonly commitSeconds: Histogram;
  readonly swept: Counter<'what'>;
  readonly hotAnswers: Counter<'from'>;
};

export function createMetrics(registry: Registry): MetadataMetrics {
  const registers = [registry];
  return {
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
    hotAnswers: new Counter({
      name: 'driftbox_metadata_hot_answers_total',
      help: 'Answers about a drive as it is that may be kept, by where they came from',
      labelNames: ['from'],
      registers,
    }),
  };
}
