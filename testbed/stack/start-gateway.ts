import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ServiceName } from '@driftbox/protocol';
import { freePorts, startServerProcess } from '@driftbox/testkit';
import { nginxCommand } from '../components/servers/nginx.ts';
import { certificateFile, gatewayFolder, printConfiguration } from '../src/print-gateway.ts';
import { startReplica } from './replicas.ts';
import type { Keep } from './start-backends.ts';

/** What stands behind the gateway. */
export type GatewayOptions = {
  readonly folder: string;
  readonly port: number;
  readonly host: string;
  readonly serviceKey: string;
  readonly internal: Readonly<Record<ServiceName, string>>;
  /** Public addresses of each service's replicas. */
  readonly upstreams: Readonly<Record<string, readonly string[]>>;
  readonly keep: Keep;
};

/** Starts verify and, with the configuration printed for it, NGINX with TLS on `port`. */
export async function startGateway(options: GatewayOptions): Promise<void> {
  const { folder, port, host, internal, upstreams, keep } = options;
  const [verifyPort = 0, verifyInternalPort = 0, status = 0] = await freePorts(3);
  const verify = await startReplica({
    name: 'verify',
    main: path.join(gatewayFolder, 'main.ts'),
    env: {
      DRIFTBOX_VERIFY_PORT: String(verifyPort),
      DRIFTBOX_VERIFY_INTERNAL_PORT: String(verifyInternalPort),
      DRIFTBOX_AUTH_URL: internal.auth,
      DRIFTBOX_METADATA_URL: internal.metadata,
      DRIFTBOX_SERVICE_KEY: options.serviceKey,
    },
    port: verifyPort,
    internalPort: verifyInternalPort,
    folder,
  });
  keep(verify);
  const configuration = await printConfiguration({
    folder,
    ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
    listeners: [{ address: `127.0.0.1:${port}`, kind: 'tls' }],
    hosts: [{ names: [host], certificate: certificateFile, key: certificateFile.replace('certificate', 'key') }],
    upstreams: Object.fromEntries(Object.entries(upstreams).map(([name, addresses]) => [name, addresses.map((address) => ({ address }))])),
    verify: verify.address,
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
