import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { commandOf, processTree } from '@driftbox/processes';
import type { ServiceName } from '@driftbox/protocol';
import { freePorts, startServerProcess, temporaryFolder, testComponent, waitFor } from '@driftbox/testkit';
import { parseInput, publicServices, type GatewayInput } from '../nginx/input.ts';
import { renderConfiguration } from '../nginx/render-configuration.ts';
import { openCell, type Cell } from './cell.ts';
import { startEchoServer, type EchoServer } from './echo-server.ts';

/** The input as a person writes it: defaults left out. */
export type WrittenInput = Partial<{ [K in keyof GatewayInput]: unknown }>;

/** A real NGINX under the rendered configuration, a real verify, and upstreams that echo. */
export type TestGateway = {
  readonly cell: Cell;
  readonly echoes: Readonly<Record<ServiceName, EchoServer>>;
  readonly folder: string;
  /** `http://127.0.0.1:port` without TLS, as behind an ingress; the same with it; and the one that redirects. */
  readonly plain: string;
  readonly tls: string;
  readonly redirect: string;
  readonly status: string;
  /** NGINX's master process. */
  readonly pid: number;
  accessLines(): Promise<Record<string, unknown>[]>;
  errorLog(): Promise<string>;
  /** Renders again, with changes, and makes NGINX take it without dropping connections. */
  reload(changes?: WrittenInput): Promise<void>;
  close(): Promise<void>;
};

type Options = { readonly input?: WrittenInput; readonly cell?: Cell };

const certificate = path.join(import.meta.dirname, 'test-certificate.pem');
const key = path.join(import.meta.dirname, 'test-key.pem');

type Addresses = Readonly<Record<'plain' | 'tls' | 'redirect' | 'status' | 'verify', string | undefined>>;

function inputOf(folder: string, echoes: TestGateway['echoes'], { plain, tls, redirect, status, verify }: Addresses): WrittenInput {
  return {
    folder,
    ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
    listeners: [
      { address: plain, kind: 'plain' },
      { address: tls, kind: 'tls' },
      { address: redirect, kind: 'redirect' },
    ],
    hosts: [{ names: ['acme.test', 'other.test', 'nobody.test', '*.cell.test'], certificate, key }],
    upstreams: Object.fromEntries(publicServices.map((name) => [name, [{ address: echoes[name].address }]])),
    verify,
    status,
    accessLog: path.join(folder, 'access.log'),
    errorLog: path.join(folder, 'error.log'),
    errorLevel: 'warn',
    workers: 1,
  };
}

/** Starts one; close it. */
export async function startGateway({ input = {}, cell = openCell() }: Options = {}): Promise<TestGateway> {
  const folder = await temporaryFolder();
  const echoes = Object.fromEntries(
    await Promise.all(publicServices.map(async (name) => [name, await startEchoServer(name)] as const)),
  ) as TestGateway['echoes'];
  const { port: verifyPort } = await cell.verify.service.listen({ host: '127.0.0.1', port: 0 });
  const [plain, tls, redirect, status] = (await freePorts(4)).map((port) => `127.0.0.1:${port}`);
  const addresses = { plain, tls, redirect, status, verify: `127.0.0.1:${verifyPort}` };
  const whole = inputOf(folder.path, echoes, addresses);
  const written: WrittenInput = { ...whole, ...input, upstreams: { ...(whole.upstreams as object), ...(input.upstreams as object) } };
  const file = path.join(folder.path, 'nginx.conf');
  const write = (changes: WrittenInput = {}) => writeFile(file, renderConfiguration(parseInput({ ...written, ...changes })));
  await write();
  const nginx = testComponent('nginx');
  const stopRest = async (): Promise<void> => {
    await cell.verify.stop();
    await Promise.all(Object.values(echoes).map((echo) => echo.close()));
    await folder.remove();
  };
  const server = await startServerProcess({
    name: 'nginx',
    command: nginx.command,
    args: ['-c', file, '-e', 'stderr'],
    env: nginx.env,
    folder: folder.path,
    port: Number(status!.split(':')[1]),
    isReady: async () => (await fetch(`http://${status}/healthz`)).ok,
  }).catch(async (error: unknown) => {
    await stopRest();
    throw error;
  });
  const read = (name: string) => readFile(path.join(folder.path, name), 'utf8').catch(() => '');
  const close = async (): Promise<void> => {
    await server.stop();
    await stopRest();
  };
  return {
    cell,
    echoes,
    folder: folder.path,
    plain: `http://${plain}`,
    tls: `https://${tls}`,
    redirect: `http://${redirect}`,
    status: `http://${status}`,
    pid: server.pid,
    accessLines: async () =>
      (await read('access.log'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    errorLog: () => read('error.log'),
    reload: async (changes) => {
      await write(changes);
      const before = workersOf(server.pid);
      process.kill(server.pid, 'SIGHUP');
      // For a moment old and new workers accept connections side by side.
      const replaced = (now: number[]): boolean => now.length > 0 && now.every((pid) => !before.includes(pid));
      await waitFor(() => replaced(workersOf(server.pid)), { what: 'new workers instead of the old' });
    },
    close,
  };
}

/** NGINX's own check of a configuration; answers what it complains about, empty if nothing. */
export function checkConfiguration(file: string): string {
  const { command, env } = testComponent('nginx');
  const { status, stderr } = spawnSync(command, ['-t', '-q', '-c', file, '-e', 'stderr'], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return status === 0 ? stderr : `${stderr}\nstatus ${status}`;
}

/** The workers of a master that accept connections. One that drains says so in its command line. */
function workersOf(master: number): number[] {
  const [, ...children] = processTree(master);
  return children.filter((pid) => {
    const command = commandOf(pid).join(' ');
    return command !== '' && !command.includes('shutting down');
  });
}
