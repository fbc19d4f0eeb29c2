import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { adminKubeconfig, clusterFolder } from '../../cluster/cluster-folder.ts';
import { findCluster } from '../../cluster/find-cluster.ts';
import { kubectl } from '../../cluster/kubectl.ts';
import { installedFolder } from '../../components/install/cache.ts';
import { helmProgram, kubernetesProgram } from '../../components/programs.ts';
import { assertSameFile } from '../../src/compare-files.ts';
import { projectFolder } from '../../src/standalone-process.ts';
import type { Tell } from '../point.ts';

const run = promisify(execFile);

/** What README's sample makes. */
export const trial = {
  domain: 'driftbox.example.com',
  host: 'demo.driftbox.example.com',
  namespace: 'driftbox-cell-trial',
  operators: 'driftbox-system',
} as const;

/** Under load of other work; a free machine takes a tenth. */
export const patienceSeconds = 900;

const folder = path.join(clusterFolder(), 'trial');
const at = (name: string): string => path.join(folder, name);

/** Types a line in a shell of this checkout in which kubectl and helm lead to the cluster. Throws, with what it said, when it fails. */
export async function type(line: string): Promise<string> {
  const tools = [kubernetesProgram, helmProgram].map(installedFolder).join(':');
  const env = { ...process.env, KUBECONFIG: adminKubeconfig(), PATH: `${tools}:${process.env['PATH'] ?? ''}` };
  return (await run('bash', ['-c', line], { cwd: projectFolder, env, maxBuffer: 64 << 20 })).stdout;
}

/** The commands by which README says that DriftBox is installed on a cluster. */
export async function readmeCommands(): Promise<readonly string[]> {
  const readme = await readFile(path.join(projectFolder, 'README.md'), 'utf8');
  return commandBlocks(readme).find((lines) => lines.some((line) => line.includes('trial.yaml'))) ?? [];
}

/** What a document says that people type: for each of its blocks the lines after `$`. */
export function commandBlocks(document: string): readonly (readonly string[])[] {
  const blocks = Array.from(document.matchAll(/^```\n(\$ [^]*?)^```/gm), ([, text = '']) => text);
  return blocks.map((text) => Array.from(text.matchAll(/^\$ ((?:.*\\\n)*.*)$/gm), ([, line = '']) => line));
}

/** Waits until a resource says that it is ready, or is not. Throws with its conditions where it does not in time. */
export async function waitReady(resource: string, truth: 'True' | 'False' = 'True'): Promise<void> {
  const asked = ['wait', `--for=condition=Ready=${truth}`, resource, `--timeout=${patienceSeconds}s`];
  await kubectl(asked).catch(async (cause: unknown) => {
    const conditions = await kubectl(['get', resource, '-o', 'jsonpath={.status.conditions}']);
    throw new Error(`${resource} is not Ready=${truth} after ${patienceSeconds} s: ${conditions}`, { cause });
  });
}

/** The trial that runs, or one that is made as README says. */
export async function haveTrial(tell: Tell): Promise<void> {
  if ((await findCluster()) !== undefined && existsSync(at('boat.bin'))) return;
  for (const line of await readmeCommands()) {
    await type(line);
    tell(line);
  }
  await waitReady('tenants.driftbox.io/demo');
  tell('the tenant is ready');
  await firstFile();
}

/** The first administrator comes by the invitation, and puts a file that later points look for. */
export async function firstFile(): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(at('password'), 'correct horse battery staple\n', { mode: 0o600 });
  await writeFile(at('boat.bin'), Buffer.alloc(3_000_000, 'boat'));
  await writeFile(at('ca.crt'), await secret('cell-trial-tls', 'ca.crt'));
  const who = ['--email', 'admin@driftbox.example.com', '--name', 'Ada', '--password-file', at('password')];
  await cli('signup', '--server', `https://${trial.host}`, '--invitation', await secret('tenant-demo-invitation', 'invitation'), ...who);
  await cli('put', at('boat.bin'), '/boat.bin');
  await mustFetch();
}

/** Fetches the first file through the gateway. Throws unless every byte of it is there. */
export async function mustFetch(): Promise<void> {
  await rm(at('back.bin'), { force: true });
  await cli('get', '/boat.bin', at('back.bin'));
  await assertSameFile(at('boat.bin'), at('back.bin'));
}

/** Puts one more file under a name of its own. */
export async function putAnother(name: string): Promise<void> {
  await cli('put', at('boat.bin'), `/${name}`);
}

/** Signs the first administrator in to a tenant into which this one was restored, and fetches the first file there. */
export async function fetchAs(tenant: string): Promise<void> {
  const who = ['--email', 'admin@driftbox.example.com', '--password-file', at('password')];
  await cliOf(tenant, 'login', '--server', `https://${tenant}.${trial.domain}`, ...who);
  await rm(at('back.bin'), { force: true });
  await cliOf(tenant, 'get', '/boat.bin', at('back.bin'));
  await assertSameFile(at('boat.bin'), at('back.bin'));
}

/** The command line as the first administrator uses it. */
export function cli(...args: string[]): Promise<string> {
  return cliOf('demo', ...args);
}

/** The same at a tenant, whose host is found by an entry in a hosts file that this process alone sees. */
export async function cliOf(tenant: string, ...args: string[]): Promise<string> {
  const place = ['-n', trial.namespace, 'get', 'service', 'trial-gateway', '-o', 'jsonpath={.spec.clusterIP}'];
  await writeFile(at('hosts'), `127.0.0.1 localhost\n${await kubectl(place)} ${tenant}.${trial.domain}\n`);
  const shell = ['--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', at('hosts')];
  const program = [process.execPath, '--no-warnings', path.join(projectFolder, 'clients/cli/src/main.ts'), ...args];
  const env = {
    ...process.env,
    NODE_EXTRA_CA_CERTS: at('ca.crt'),
    DRIFTBOX_CONFIG_DIR: at(tenant === 'demo' ? 'config' : `config-${tenant}`),
  };
  return (await run('unshare', [...shell, ...program], { env, maxBuffer: 16 << 20 })).stdout;
}

async function secret(name: string, key: string): Promise<string> {
  const data = await kubectl(['-n', trial.operators, 'get', 'secret', name, '-o', 'json']);
  const { [key]: value = '' } = (JSON.parse(data) as { readonly data: Readonly<Record<string, string>> }).data;
  return Buffer.from(value, 'base64').toString('utf8');
}
