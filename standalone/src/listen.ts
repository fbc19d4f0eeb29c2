import { readFile } from 'node:fs/promises';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import { isIP, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { UpgradeListener } from '@driftbox/service-kit';
import type { StandaloneConfig } from './config.ts';

/** The one port of the standalone server. */
export type Listener = { readonly address: string; stopAccepting(): void; close(): Promise<void> };

/** How long connections get to end by themselves once nothing is in flight. */
const lastAnswersMs = 1_000;

const limits = {
  maxHeaderSize: 32 * 1024,
  headersTimeout: 20_000,
  requestTimeout: 0,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 5_000,
};

/** Where requests may upgrade to a websocket, and who takes them. */
export type Upgrades = { readonly path: string; readonly take: UpgradeListener | undefined };

/**
 * Listens for the router, with TLS where it is configured. A request to upgrade elsewhere than at `upgrades`, or to
 * something else, is an ordinary request. Throws what to do when the port is taken.
 */
export async function listen(config: StandaloneConfig, handler: RequestListener, upgrades: Upgrades): Promise<Listener> {
  const { DRIFTBOX_ADDRESS: host, DRIFTBOX_PORT: port } = config.config;
  const shouldUpgradeCallback = ({ headers, url }: http.IncomingMessage): boolean =>
    upgrades.take !== undefined && headers.upgrade?.toLowerCase() === 'websocket' && url?.split('?', 1)[0] === upgrades.path;
  const options = { ...limits, shouldUpgradeCallback };
  const server =
    config.tls === undefined
      ? http.createServer(options, handler)
      : https.createServer({ ...options, ...(await readTls(config.tls)) }, handler);
  server.on('checkContinue', handler);
  if (upgrades.take !== undefined) server.on('upgrade', upgrades.take);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${port} of ${host} is taken: choose another with DRIFTBOX_PORT`, { cause: error })
          : error,
      );
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  const name = isIP(host) === 6 ? `[${host}]` : host;
  const closed = new Promise<void>((resolve) => void server.once('close', resolve));
  return {
    address: `${config.tls === undefined ? 'http' : 'https'}://${name}:${bound.port}`,
    stopAccepting: () => {
      server.close();
      server.closeIdleConnections();
    },
    close: async () => {
      server.closeIdleConnections();
      // What was answered last may still be on its way out.
      await Promise.race([closed, delay(lastAnswersMs, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readTls(files: { readonly cert: string; readonly key: string }): Promise<{ cert: Buffer; key: Buffer }> {
  return { cert: await readFile(files.cert), key: await readFile(files.key) };
}
