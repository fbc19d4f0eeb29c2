import path from 'node:path';
import { ruleFile } from '@driftbox/observability';
import { componentOf } from '../components/components.ts';
import { isInstalled } from '../components/install/cache.ts';
import { prometheusCommand } from '../components/servers/prometheus.ts';
import { startPrometheus, type PrometheusServer } from '../src/start-prometheus.ts';
import type { Stack } from './start-stack.ts';

/** Throws, with the command that helps, when what watches a stack is not installed. */
export function requireObservability(): void {
  if (componentOf('prometheus').needs.every(isInstalled)) return;
  throw new Error('not installed: prometheus. Install with: npm run components -- install prometheus');
}

/**
 * A Prometheus that watches every process of the stack by the rules as they are in service, its files in the stack's
 * folder. It shows the alerts by itself: Debian's Alertmanager cannot be unpacked, since it wants its templates in /usr.
 */
export async function startObservability({ replicas, verifies, folder }: Stack): Promise<PrometheusServer> {
  const parts = Object.entries({ ...replicas, gateway: verifies });
  return startPrometheus({
    command: prometheusCommand().command,
    folder: path.join(folder, 'observability'),
    targets: parts.map(([part, all]) => ({ part, addresses: all.map(({ internal }) => internal) })),
    everySeconds: 5,
    rules: ruleFile(),
  });
}
