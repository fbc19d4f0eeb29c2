import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts, startServerProcess, temporaryFolder, testComponent, type ServerProcess } from '@driftbox/testkit';
import { serviceKeyOf } from './add-tenant.ts';
import type { OpenServer } from './open-server.ts';
import { certificateFile, gatewayFolder, printConfiguration } from './print-gateway.ts';

/** NGINX and verify as processes of their own, in front of a server that they reach over HTTP alone. */
export type GatewayProcess = {
  /** Without TLS, as behind an ingress; and with the certificate in `certificateFile`, for names: `localhost` has to be among them. */
  readonly plain: string;
  readonly tls: string;
  readonly certificateFile: string;
  /** Where NGINX asks verify. */
  readonly verify: string;
  readonly nginx: ServerProcess;
  accessLines(): Promise<Record<string, unknown>[]>;
  /** What NGINX has written aside, which should be nothing. */
  temporaryFiles(): Promise<string[]>;
  close(): Promise<void>;
};

/** What a server has to be opened with to stand behind a gateway. */
export const behindGateway = { DRIFTBOX_INTERNAL_PORT: '0', DRIFTBOX_TRUSTED_PROXIES: '1' };

/** Starts a gateway for these host names. The server must have been opened with `behindGateway`. */
export async function startGatewayProcess(server: OpenServer, names: readonly string[]): Promise<GatewayProcess> {
  const { internal } = server.process();
  if (internal === undefined) throw new Error('open the server with `behindGateway`');
  const folder = await temporaryFolder();
  const [verifyPort, verifyInternalPort, plain, tls, status] = await freePorts(5);
  const verify = await startServerProcess({
    name: 'verify',
    command: process.execPath,
    args: ['--no-warnings', path.join(gatewayFolder, 'main.ts')],
    env: {
      DRIFTBOX_VERIFY_PORT: String(verifyPort),
      DRIFTBOX_VERIFY_INTERNAL_PORT: String(verifyInternalPort),
      DRIFTBOX_AUTH_URL: internal.auth,
      DRIFTBOX_METADATA_URL: internal.metadata,
      DRIFTBOX_SERVICE_KEY: await serviceKeyOf(server.dataFolder),
    },
    folder: folder.path,
    port: verifyInternalPort!,
    isReady: async () => (await fetch(`http://127.0.0.1:${verifyInternalPort}/readyz`)).ok,
  });
  const upstream = [{ address: new URL(server.address).host }];
  const configuration = await printConfiguration({
    folder: folder.path,
    ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
    listeners: [
      { address: `127.0.0.1:${plain}`, kind: 'plain' },
      { address: `127.0.0.1:${tls}`, kind: 'tls' },
    ],
    hosts: [{ names, certificate: certificateFile, key: certificateFile.replace('certificate', 'key') }],
    upstreams: Object.fromEntries(Object.keys(internal).map((name) => [name, upstream])),
    verify: `127.0.0.1:${verifyPort}`,
    status: `127.0.0.1:${status}`,
    accessLog: path.join(folder.path, 'access.log'),
    workers: 1,
  });
  const file = path.join(folder.path, 'nginx.conf');
  await mkdir(path.join(folder.path, 'nginx'));
  await writeFile(file, configuration);
  const { command, env } = testComponent('nginx');
  const nginx = await startServerProcess({
    name: 'nginx',
    command,
    args: ['-c', file, '-e', 'stderr'],
    env,
    folder: path.join(folder.path, 'nginx'),
    port: status!,
    isReady: async () => (await fetch(`http://127.0.0.1:${status}/healthz`)).ok,
  });
  return {
    plain: `http://127.0.0.1:${plain}`,
    tls: `https://localhost:${tls}`,
    certificateFile,
    verify: `http://127.0.0.1:${verifyPort}`,
    nginx,
    accessLines: async () => linesOf(await readFile(path.join(folder.path, 'access.log'), 'utf8')),
    temporaryFiles: async () => {
      const all = await Promise.all(['client_body', 'proxy'].map((kind) => readdir(path.join(folder.path, kind), { recursive: true })));
      return all.flat();
    },
    close: async () => {
      await nginx.stop();
      await verify.stop();
      await folder.remove();
    },
  };
}

function linesOf(log: string): Record<string, unknown>[] {
  const lines = log.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
