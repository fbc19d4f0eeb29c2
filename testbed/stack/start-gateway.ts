import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ServiceName } from '@driftbox/protocol';
import { freePorts, startServerProcess } from '@driftbox/testkit';
import { nginxCommand } from '../components/servers/nginx.ts';
import { certificateFile, gatewayFolder, printConfiguration } from '../src/print-gateway.ts';
import { startReplica } from './replicas.ts';
import type { Keep } from './start-backends.ts';

/** How verify reaches the cell. */
export type VerifyOptions = {
  readonly folder: string;
  readonly serviceKey: string;
  readonly internal: Readonly<Record<ServiceName, string>>;
  readonly keep: Keep;
};

/** Starts verify; it is ready once auth is. Answers where NGINX asks it. */
export async function startVerify({ folder, serviceKey, internal, keep }: VerifyOptions): Promise<string> {
  const [port = 0, internalPort = 0] = await freePorts(2);
  const verify = await startReplica({
    name: 'verify',
    main: path.join(gatewayFolder, 'main.ts'),
    env: {
      DRIFTBOX_VERIFY_PORT: String(port),
      DRIFTBOX_VERIFY_INTERNAL_PORT: String(internalPort),
      DRIFTBOX_AUTH_URL: internal.auth,
      DRIFTBOX_METADATA_URL: internal.metadata,
      DRIFTBOX_SERVICE_KEY: serviceKey,
    },
    port,
    internalPort,
    folder,
  });
  keep(verify);
  return verify.address;
}

/** What stands behind the gateway. */
export type GatewayOptions = {
  readonly folder: string;
  readonly port: number;
  readonly host: string;
  readonly verify: string;
  /** Public addresses of each service's replicas. */
  readonly upstreams: Readonly<Record<string, readonly string[]>>;
  readonly keep: Keep;
};

/** Starts NGINX with TLS on `port`, with the configuration printed for it. */
export async function startGateway({ folder, port, host, verify, upstreams, keep }: GatewayOptions): Promise<void> {
  const [status = 0] = await freePorts(1);
  const configuration = await printConfiguration({
    folder,
    ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
    listeners: [{ address: `127.0.0.1:${port}`, kind: 'tls' }],
    hosts: [{ names: [host], certificate: certificateFile, key: certificateFile.replace('certificate', 'key') }],
    upstreams: Object.fromEntries(Object.entries(upstreams).map(([name, addresses]) => [name, addresses.map((address) => ({ address }))])),
    verify,
    status: `127.0.0.1:${status}`,
    accessLog: path.join(folder, 'access.log'),
    workers: 1,
  });
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'nginx.conf');
  await writeFile(file, configuration);
  const { command, env } = nginxCommand();
  keep(
    await startServerProcess({
      name: 'gateway',
      command,
      args: ['-c', file, '-e', 'stderr'],
      env,
      folder,
      port: status,
      isReady: async () => (await fetch(`http://127.0.0.1:${status}/healthz`)).ok,
    }),
  );
}
