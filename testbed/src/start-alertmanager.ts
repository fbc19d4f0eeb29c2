import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort, startServerProcess, type ServerProcess } from '@driftbox/testkit';
import { stringify } from 'yaml';

/** What to start, and whom it tells. */
export type AlertmanagerOptions = {
  readonly command: string;
  /** Before Alertmanager's own arguments. */
  readonly before: readonly string[];
  readonly folder: string;
  /** Is sent every alert that fires or resolves (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). */
  readonly webhook?: string | undefined;
};

/** An Alertmanager that hears from Prometheus at its `url`. */
export type AlertmanagerServer = ServerProcess & { readonly url: string };

/** Starts Alertmanager alone, without a cluster, on a free port of 127.0.0.1. Alerts of one name and cell are told together. */
export async function startAlertmanager({ command, before, folder, webhook }: AlertmanagerOptions): Promise<AlertmanagerServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  const receiver = { name: 'people', ...(webhook === undefined ? {} : { webhook_configs: [{ url: webhook, send_resolved: true }] }) };
  const route = { receiver: 'people', group_by: ['alertname', 'namespace'], group_wait: '1s', group_interval: '5s', repeat_interval: '4h' };
  await writeFile(path.join(folder, 'alertmanager.yaml'), stringify({ route, receivers: [receiver] }));
  const server = await startServerProcess({
    name: 'alertmanager',
    command,
    args: [
      ...before,
      '--config.file=alertmanager.yaml',
      '--storage.path=alertmanager-data',
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    folder,
    port,
    isReady: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  return { ...server, url };
}
