import { Counter, type Registry } from 'prom-client';

/** What share counts for an operator. */
export type ShareMetrics = { readonly uses: Counter<'kind'>; readonly refused: Counter<'reason'> };

export function createMetrics(registry: Registry): ShareMetrics {
  return {
    uses: new Counter({
      name: 'driftbox_link_uses_total',
      help: 'Downloads, archives and uploads through links. Compare with requests to see how much of the traffic comes from outside.',
      labelNames: ['kind'],
      registers: [registry],
    }),
    refused: new Counter({
      name: 'driftbox_link_refusals_total',
      help: 'Visitors who were refused: unknown tokens and wrong passwords in number mean that somebody guesses.',
      labelNames: ['reason'],
      registers: [registry],
    }),
  };
}
