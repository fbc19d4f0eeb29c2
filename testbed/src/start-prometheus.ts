import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort, startServerProcess, type ServerProcess } from '@driftbox/testkit';
import { stringify } from 'yaml';
import { askPrometheus, type Sample } from './ask-prometheus.ts';

/** Processes to watch, all of one part: `host:port` of each. */
export type WatchedPart = { readonly part: string; readonly addresses: readonly string[] };

/** What to start, and what it is to do. */
export type PrometheusOptions = {
  readonly command: string;
  readonly folder: string;
  readonly targets: readonly WatchedPart[];
  /** How often it reads figures and evaluates rules. */
  readonly everySeconds: number;
  /** Whom it tells of alerts: addresses of Alertmanagers. */
  readonly alertmanagers?: readonly string[] | undefined;
  /** The text of a file of rules. */
  readonly rules?: string | undefined;
};

/** A Prometheus that watches. */
export type PrometheusServer = ServerProcess & {
  readonly url: string;
  /** The value of an expression now: its samples. Throws where the expression is wrong. */
  ask(expression: string): Promise<readonly Sample[]>;
};

/** Starts Prometheus on a free port of 127.0.0.1, its data and configuration in `folder`. */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusServer> {
  const { command, folder, rules } = options;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'prometheus.yaml'), stringify(configuration(options)));
  if (rules !== undefined) await writeFile(path.join(folder, 'rules.yaml'), rules);
  const server = await startServerProcess({
    name: 'prometheus',
    command,
    args: [
      '--config.file=prometheus.yaml',
      '--storage.tsdb.path=prometheus-data',
      '--storage.tsdb.retention.time=2d',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    folder,
    port,
    isReady: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  return { ...server, url, ask: (expression) => askPrometheus(url, expression) };
}

function configuration({ targets, everySeconds, rules, alertmanagers = [] }: PrometheusOptions): object {
  const every = `${everySeconds}s`;
  return {
    global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    ...(rules === undefined ? {} : { rule_files: ['rules.yaml'] }),
    alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers.map((url) => new URL(url).host) }] }] },
    scrape_configs: targets.map(({ part, addresses }) => ({
      job_name: part,
      static_configs: [{ targets: addresses, labels: { part, namespace: 'stack' } }],
    })),
  };
}
