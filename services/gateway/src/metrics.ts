import { Counter, type Registry } from 'prom-client';
import type { Verdict } from './verdict.ts';

/** What verify measures besides its requests. */
export type VerifyMetrics = { verdict(verdict: Verdict): void; limitsUnknown(): void; countedAlone(): void };

/** Registers verify's own metrics. */
export function createMetrics(registry: Registry): VerifyMetrics {
  const verdicts = new Counter({
    name: 'driftbox_gateway_verdicts_total',
    help: 'Requests admitted, or refused by code; a rise of unavailable says that auth was away when something new was asked',
    labelNames: ['verdict'],
    registers: [registry],
  });
  const unknown = new Counter({
    name: 'driftbox_gateway_limits_unknown_total',
    help: 'Requests admitted under default rates because metadata could not be asked for their own',
    registers: [registry],
  });
  const alone = new Counter({
    name: 'driftbox_gateway_counted_alone_total',
    help: 'Requests whose rate this process counted alone because Redis did not answer in time',
    registers: [registry],
  });
  return {
    verdict: (verdict) => verdicts.inc({ verdict: verdict.kind === 'admitted' ? 'admitted' : verdict.code }),
    limitsUnknown: () => unknown.inc(),
    countedAlone: () => alone.inc(),
  };
}
