import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts, startServerProcess, waitFor, type ServerProcess, type TestComponents } from '@driftbox/testkit';
import type { RestartableNode, RunningComponent } from '../component.ts';
import { installedFolder } from '../install/cache.ts';
import { openbaoProgram } from '../programs.ts';

/** OpenBao while it runs, unsealed. What it holds is on disk: killed and started again it has all of it. */
export type RunningOpenbao = RunningComponent &
  RestartableNode & {
    readonly openbao: TestComponents['openbao'];
    /** Seals it, so that it answers nobody, and opens it again. */
    seal(): Promise<void>;
    unseal(): Promise<void>;
  };

type Keys = { readonly token: string; readonly unsealKey: string };

/** Starts OpenBao with one unseal key, opens it, and mounts transit at `transit/`. */
export async function startOpenbao(folder: string): Promise<RunningOpenbao> {
  const [port = 0, clusterPort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const config = await writeConfig(folder, port, clusterPort);
  let server = await startProcess(folder, config, port);
  try {
    const keys = await initialise(url);
    const unseal = (): Promise<void> => open(url, keys.unsealKey);
    await unseal();
    await ask(url, 'POST', 'sys/mounts/transit', { type: 'transit' }, keys.token);
    const openbao = { url, token: keys.token };
    return {
      openbao,
      addresses: openbao,
      pids: [server.pid],
      logFiles: [server.logFile],
      seal: async () => void (await ask(url, 'PUT', 'sys/seal', {}, keys.token)),
      unseal,
      pid: () => server.pid,
      kill: () => server.kill(),
      start: async () => {
        server = await startProcess(folder, config, port);
        await unseal();
      },
      stop: () => server.stop(),
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function writeConfig(folder: string, port: number, clusterPort: number): Promise<string> {
  const data = path.join(folder, 'data');
  await mkdir(data, { recursive: true });
  const config = {
    storage: { raft: { path: data, node_id: 'one' } },
    listener: [{ tcp: { address: `127.0.0.1:${port}`, cluster_address: `127.0.0.1:${clusterPort}`, tls_disable: true } }],
    api_addr: `http://127.0.0.1:${port}`,
    cluster_addr: `http://127.0.0.1:${clusterPort}`,
    ui: false,
  };
  const file = path.join(folder, 'openbao.json');
  await writeFile(file, JSON.stringify(config));
  return file;
}

function startProcess(folder: string, config: string, port: number): Promise<ServerProcess> {
  return startServerProcess({
    name: 'openbao',
    command: path.join(installedFolder(openbaoProgram), 'openbao'),
    args: ['server', `-config=${config}`],
    env: { HOME: folder },
    folder,
    port,
    // Sealed is up: it is opened afterwards.
    isReady: async () => 'version' in ((await (await fetch(`http://127.0.0.1:${port}/v1/sys/health`)).json()) as object),
  });
}

async function initialise(url: string): Promise<Keys> {
  const made = (await ask(url, 'PUT', 'sys/init', { secret_shares: 1, secret_threshold: 1 })) as { keys: string[]; root_token: string };
  return { token: made.root_token, unsealKey: made.keys[0] ?? '' };
}

/** Resolves when it is not only unsealed but serves: it elects itself first. */
async function open(url: string, unsealKey: string): Promise<void> {
  await ask(url, 'PUT', 'sys/unseal', { key: unsealKey });
  await waitFor(async () => (await fetch(`${url}/v1/sys/health`)).status === 200, { deadlineMs: 30_000, what: 'OpenBao to serve' });
}

async function ask(url: string, method: string, what: string, body: object, token = ''): Promise<unknown> {
  const answer = await fetch(`${url}/v1/${what}`, { method, body: JSON.stringify(body), headers: { 'X-Vault-Token': token } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`OpenBao refuses ${what}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
