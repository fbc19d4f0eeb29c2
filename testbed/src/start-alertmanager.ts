import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePort, startServerProcess, type ServerProcess } from '@driftbox/testkit';
import { stringify } from 'yaml';

/** What to start. */
export type AlertmanagerOptions = { readonly command: string; readonly folder: string };

/** An Alertmanager that gathers and silences alerts, and tells nobody. */
export type AlertmanagerServer = ServerProcess & { readonly url: string };

/** Starts Alertmanager alone, without a cluster of its kind, on a free port of 127.0.0.1; its files are in `folder`. */
export async function startAlertmanager({ command, folder }: AlertmanagerOptions): Promise<AlertmanagerServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await mkdir(folder, { recursive: true });
  const configuration = {
    route: { receiver: 'nobody', group_by: ['alertname', 'journey'], group_wait: '1s', group_interval: '5s' },
    receivers: [{ name: 'nobody' }],
  };
  await writeFile(path.join(folder, 'alertmanager.yaml'), stringify(configuration));
  const args = {
    'config.file': 'alertmanager.yaml',
    'storage.path': 'alertmanager-data',
    'web.listen-address': `127.0.0.1:${port}`,
    'cluster.listen-address': '',
  };
  const server = await startServerProcess({
    name: 'alertmanager',
    command,
    args: Object.entries(args).map(([name, value]) => `--${name}=${value}`),
    folder,
    port,
    isReady: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  return { ...server, url };
}
