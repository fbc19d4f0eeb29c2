import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ServiceName } from '@driftbox/protocol';
import { freePorts, startServerProcess, type ServerProcess } from '@driftbox/testkit';
import { nginxCommand } from '../components/servers/nginx.ts';
import { certificateFile, gatewayFolder, printConfiguration } from './print-gateway.ts';
import { startReplica, type Replica } from './replica.ts';
import { tracingFromHere } from './tracing-from-here.ts';

/** How verify reaches the cell. */
export type VerifyOptions = {
  /** Default `verify`. */
  readonly name?: string;
  readonly folder: string;
  readonly serviceKey: string;
  readonly internal: Readonly<Record<ServiceName, string>>;
  /** Where its processes count requests together. */
  readonly redisUrl?: string;
  /** Port of the status page of an NGINX that asks it. */
  readonly nginxStatus?: number;
  /** By which OpenTelemetry variables it traces; default those of this process. */
  readonly tracing?: Readonly<Record<string, string>>;
  /** A file with what certifies the cell's services, where `internal` begins with https:. */
  readonly authority?: string;
};

/** Starts verify; it is ready once auth is. NGINX asks it at its `address`. */
export async function startVerify(options: VerifyOptions): Promise<Replica> {
  const { name = 'verify', folder, serviceKey, internal, redisUrl, nginxStatus, authority, tracing = tracingFromHere() } = options;
  const [port = 0, internalPort = 0] = await freePorts(2);
  return startReplica({
    name,
    main: path.join(gatewayFolder, 'main.ts'),
    env: {
      DRIFTBOX_VERIFY_PORT: String(port),
      DRIFTBOX_VERIFY_INTERNAL_PORT: String(internalPort),
      DRIFTBOX_AUTH_URL: internal.auth,
      DRIFTBOX_METADATA_URL: internal.metadata,
      DRIFTBOX_SERVICE_KEY: serviceKey,
      ...tracing,
      ...(authority === undefined ? {} : { DRIFTBOX_TLS_AUTHORITY_FILE: authority }),
      ...(redisUrl === undefined ? {} : { DRIFTBOX_REDIS_URL: redisUrl }),
      ...(nginxStatus === undefined ? {} : { DRIFTBOX_VERIFY_NGINX_STATUS: `http://127.0.0.1:${nginxStatus}/stub_status` }),
    },
    port,
    internalPort,
    folder,
  });
}

/** Where the gateway listens, and what stands behind it. */
export type GatewayOptions = {
  /** Holds its configuration, its logs, and what it would write aside. */
  readonly folder: string;
  readonly listeners: readonly { readonly address: string; readonly kind: 'plain' | 'tls' }[];
  /** Host names that its certificate is shown for. */
  readonly names: readonly string[];
  /** Where verify is asked: one address, or one of each of its processes. */
  readonly verify: string | readonly string[];
  /** Public addresses of each service's replicas. */
  readonly upstreams: Readonly<Record<string, readonly string[]>>;
  /** Port of its status page; default any. */
  readonly status?: number;
  /** Of the configuration's `limits`, those that are not to be as by default. */
  readonly limits?: Readonly<Record<string, number>>;
  /** A file with what certifies the replicas for `localhost`, where they are asked by TLS. */
  readonly authority?: string;
};

/** Writes NGINX's configuration; answers what starts NGINX with it, as often as it is called. */
export async function prepareGateway(options: GatewayOptions): Promise<() => Promise<ServerProcess>> {
  const { folder, listeners, names, verify, upstreams, limits, authority } = options;
  const [anyPort = 0] = await freePorts(1);
  const { status = anyPort } = options;
  const configuration = await printConfiguration({
    folder,
    ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
    listeners,
    hosts: [{ names, certificate: certificateFile, key: certificateFile.replace('certificate', 'key') }],
    upstreams: Object.fromEntries(Object.entries(upstreams).map(([name, addresses]) => [name, addresses.map((address) => ({ address }))])),
    verify,
    status: `127.0.0.1:${status}`,
    accessLog: accessLog(folder),
    workers: 1,
    ...(limits === undefined ? {} : { limits }),
    ...(authority === undefined
      ? {}
      : { upstreamTls: { authority, names: Object.fromEntries(Object.keys(upstreams).map((name) => [name, 'localhost'])) } }),
  });
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'nginx.conf');
  await writeFile(file, configuration);
  const { command, env } = nginxCommand();
  return () =>
    startServerProcess({
      name: 'gateway',
      command,
      args: ['-c', file, '-e', 'stderr'],
      env,
      folder,
      port: status,
      isReady: async () => (await fetch(`http://127.0.0.1:${status}/healthz`)).ok,
    });
}

/** Each line of the access log of the gateway in `folder`, as it is so far. */
export async function accessLines(folder: string): Promise<Record<string, unknown>[]> {
  const lines = (await readFile(accessLog(folder), 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

function accessLog(folder: string): string {
  return path.join(folder, 'access.log');
}
