import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import type { TenantId } from '@driftbox/domain';
import type { Problem } from '@driftbox/protocol';
import type { Registry } from 'prom-client';
import type { Authenticator } from './authenticator.ts';
import type { CertificateFiles } from './certificate-files.ts';
import { compileRoute } from './compile-route.ts';
import { withHealth } from './health.ts';
import { createKoaDoor } from './koa-door.ts';
import { fullLimits, type FullLimits, type RequestLimits } from './limits.ts';
import type { Logger } from './logger.ts';
import type { Incoming, Outgoing } from './message.ts';
import { createRequestMetrics } from './metrics.ts';
import { openServer } from './open-server.ts';
import { Pipeline } from './pipeline.ts';
import { exposeProcess } from './process-metrics.ts';
import { createRateLimit, type RateLimitOptions } from './rate-limit.ts';
import type { RouteBinding } from './route-request.ts';
import { createRoutes, type Answer, type Routes } from './routing.ts';
import { createTransport, type Transport } from './transport.ts';

/** What a service gets from whoever puts a process together, whichever service it is. */
export type ServiceSurroundings = {
  readonly authenticator: Authenticator;
  /** The tenant that a host name (without port, lower case) belongs to. */
  readonly tenantOfHost?: ((host: string) => TenantId | undefined | Promise<TenantId | undefined>) | undefined;
  readonly log: Logger;
  readonly registry: Registry;
  readonly limits?: RequestLimits | undefined;
  readonly rateLimit?: RateLimitOptions | undefined;
  /** Checks every answer against its schema. For tests and development: it costs. */
  readonly checkAnswers?: boolean | undefined;
};

/** What makes a service of routes. */
export type ServiceOptions = ServiceSurroundings & {
  readonly name: string;
  readonly bindings: readonly RouteBinding[];
  /** Throws while the service cannot serve, for example because its database is away. */
  readonly ready?: (() => Promise<void>) | undefined;
  /** Default `[1]`. */
  readonly protocolVersions?: readonly number[] | undefined;
  /** Makes a catalogued problem of a service's own exceptions; `undefined` leaves them `internal`. */
  readonly toProblem?: ((error: unknown) => Problem | undefined) | undefined;
  /** Takes requests to upgrade to a websocket; without it they are answered as ordinary requests, as are all other upgrades. */
  readonly upgrade?: UpgradeListener | undefined;
};

/** How long connections get to end by themselves once nothing is in flight. */
const lastAnswersMs = 1_000;

/** Takes over the connection of a request to upgrade to a websocket; it must answer it or destroy it. */
export type UpgradeListener = (request: http.IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Where a service listens: by TLS alone where it has a certificate to show, else without. */
type ListenAt = { readonly host: string; readonly port: number; readonly certificate?: CertificateFiles | undefined };
/** `ready` throws while something beside the service itself keeps it from serving. */
type ListenInternalAt = ListenAt & { readonly ready?: (() => Promise<void>) | undefined };

/** Routes that answer: over HTTP to the public, over HTTP to the cell, and by calls within the process. Either may listen several times. */
export type Service = {
  readonly name: string;
  /** The routes that the public may reach; see `createSharedDoor`. */
  readonly publicRoutes: Routes;
  /** All routes, by calls within the process. Tokens are checked all the same. */
  readonly transport: Transport;
  /** For a process that composes several services behind one address. */
  readonly upgrade: UpgradeListener | undefined;
  /** Serves the public routes; port 0 takes a free one. */
  listen(at: ListenAt): Promise<{ port: number }>;
  /** Serves all routes, and `/healthz`, `/readyz`, `/metrics`: for an address that only the cell reaches. */
  listenInternal(at: ListenInternalAt): Promise<{ port: number }>;
  /** True as soon as `stop` was called. */
  stopping(): boolean;
  /** Throws while not ready; for a process that composes several services. */
  ready(): Promise<void>;
  /** Stops accepting, waits for requests in flight up to `drainMs`, then closes every connection. Idempotent. */
  stop(): Promise<void>;
};

type Doors = { readonly handler: http.RequestListener; readonly upgrade: UpgradeListener | undefined };

function startServer({ handler, upgrade }: Doors, at: ListenAt, limits: FullLimits): Promise<http.Server> {
  const server = openServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: 0,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
      shouldUpgradeCallback: ({ headers }) => upgrade !== undefined && headers.upgrade?.toLowerCase() === 'websocket',
    },
    handler,
    at.certificate,
  );
  server.maxConnections = limits.connections;
  server.on('checkContinue', handler);
  if (upgrade !== undefined) server.on('upgrade', upgrade);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

async function closeServer(server: http.Server, drained: Promise<void>, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  await drained;
  server.closeIdleConnections();
  // What was answered last may still be on its way out.
  await Promise.race([closed, delay(Math.min(drainMs, lastAnswersMs), undefined, { ref: false })]);
  server.closeAllConnections();
  await closed;
}

/** Makes a service; it listens nowhere until told to. */
export function createService(options: ServiceOptions): Service {
  const { name, log, registry } = options;
  const limits = fullLimits(options.limits);
  const pipeline = new Pipeline({
    authenticator: options.authenticator,
    tenantOfHost: options.tenantOfHost,
    protocolVersions: options.protocolVersions ?? [1],
    toProblem: options.toProblem,
    checkAnswers: options.checkAnswers ?? false,
    perUser: createRateLimit(options.rateLimit?.perUser),
    perAddress: createRateLimit(options.rateLimit?.perAddress),
    limits,
    log,
    metrics: createRequestMetrics(registry, name),
    service: name,
  });
  const servers: http.Server[] = [];
  let stopped: Promise<void> | undefined;
  const stopping = (): boolean => stopped !== undefined;
  const ready = async (): Promise<void> => {
    if (stopping()) throw new Error(`${name} is stopping`);
    await options.ready?.();
  };
  const compiled = options.bindings.map((binding) => compileRoute(binding, limits));
  const answer: Answer = (...found) => pipeline.answer(...found);
  const publicRoutes = createRoutes(
    compiled.filter(({ internal }) => !internal),
    answer,
  );
  const allRoutes = createRoutes(compiled, answer);
  const rest = (incoming: Incoming): Promise<Outgoing> => pipeline.refuse(incoming);
  const door = (routes: Routes) => createKoaDoor({ routes: [routes], rest, closing: stopping, log });

  async function listenWith(listener: http.RequestListener, at: ListenAt): Promise<{ port: number }> {
    const server = await startServer({ handler: listener, upgrade: options.upgrade }, at, limits);
    servers.push(server);
    return { port: (server.address() as AddressInfo).port };
  }

  return {
    name,
    publicRoutes,
    transport: createTransport(allRoutes, rest),
    upgrade: options.upgrade,
    listen: (at) => listenWith(door(publicRoutes), at),
    listenInternal: (at) => {
      exposeProcess(registry);
      const allReady = async (): Promise<void> => {
        await ready();
        await at.ready?.();
      };
      return listenWith(withHealth(door(allRoutes), { ready: allReady, registry, log }), at);
    },
    stopping,
    ready,
    stop() {
      stopped ??= (async () => {
        const drained = pipeline.drain(limits.drainMs);
        await Promise.all([drained, ...servers.map((server) => closeServer(server, drained, limits.drainMs))]);
      })();
      return stopped;
    },
  };
}
