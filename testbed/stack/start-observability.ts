import path from 'node:path';
import { ruleFile } from '@driftbox/observability';
import { componentOf } from '../components/components.ts';
import { isInstalled } from '../components/install/cache.ts';
import { alertmanagerCommand } from '../components/servers/alertmanager.ts';
import { prometheusCommand } from '../components/servers/prometheus.ts';
import { startAlertmanager, type AlertmanagerServer } from '../src/start-alertmanager.ts';
import { startPrometheus, type PrometheusServer, type WatchedPart } from '../src/start-prometheus.ts';
import type { ProbeProcess } from '../src/start-probe.ts';
import type { Stack } from './start-stack.ts';
import { startStackProbe } from './start-stack-probe.ts';

const needed = ['prometheus', 'alertmanager'];

/** Throws, with the command that helps, when what watches a stack is not installed. */
export function requireObservability(): void {
  const missing = needed.filter((name) => !componentOf(name).needs.every(isInstalled));
  if (missing.length === 0) return;
  throw new Error(`not installed: ${missing.join(', ')}. Install with: npm run components -- install ${missing.join(' ')}`);
}

/** What watches a stack. */
export type Watching = {
  readonly prometheus: PrometheusServer;
  readonly alertmanager: AlertmanagerServer;
  readonly probe: ProbeProcess;
  stop(): Promise<void>;
};

type Options = {
  /** The text of the rules; default those in service. */
  readonly rules?: string;
  readonly everySeconds?: number;
  /** Is told of every alert that fires or resolves. */
  readonly webhook?: string;
  /** More to watch than the stack. */
  readonly more?: readonly WatchedPart[];
};

/**
 * A probe, a Prometheus that watches it and every process of the stack, and an Alertmanager that it tells; their files are in the
 * stack's folder.
 */
export async function startObservability(stack: Stack, options: Options = {}): Promise<Watching> {
  const { rules = ruleFile(), everySeconds = 5, webhook, more = [] } = options;
  const folder = path.join(stack.folder, 'observability');
  const started: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of started.splice(0).reverse()) await one.stop();
  };
  const parts = Object.entries({ ...stack.replicas, gateway: stack.verifies });
  try {
    const alertmanager = await startAlertmanager({ ...alertmanagerCommand(), folder, webhook });
    started.push(alertmanager);
    const probe = await startStackProbe(stack, folder, everySeconds);
    started.push(probe);
    const watched = [...parts.map(([part, all]) => ({ part, addresses: all.map(({ internal }) => internal) })), ...more];
    const prometheus = await startPrometheus({
      command: prometheusCommand().command,
      folder,
      targets: [...watched, { part: 'probe', addresses: [probe.internal] }],
      everySeconds,
      rules,
      alertmanagers: [alertmanager.url],
    });
    started.push(prometheus);
    return { prometheus, alertmanager, probe, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
