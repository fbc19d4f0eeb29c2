import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TenantId } from '@driftbox/domain';
import type { Problem } from '@driftbox/protocol';
import type { Registry } from 'prom-client';
import type { Authenticator } from './authenticator.ts';
import { withHealth } from './health.ts';
import { createKoaDoor } from './koa-door.ts';
import { fullLimits, type FullLimits, type RequestLimits } from './limits.ts';
import type { Logger } from './logger.ts';
import { createRequestMetrics } from './metrics.ts';
import { Pipeline } from './pipeline.ts';
import { createRateLimit, type RateLimitOptions } from './rate-limit.ts';
import type { RouteBinding } from './route-request.ts';
import { createTransport, type Transport } from './transport.ts';

export type ServiceOptions = {
  readonly name: string;
  readonly bindings: readonly RouteBinding[];
  readonly authenticator: Authenticator;
  /** The tenant that a host name (without port, lower case) belongs to. */
  readonly tenantOfHost?: ((host: string) => TenantId | undefined | Promise<TenantId | undefined>) | undefined;
  readonly log: Logger;
  readonly registry: Registry;
  /** Throws while the service cannot serve, for example because its database is away. */
  readonly ready?: (() => Promise<void>) | undefined;
  readonly limits?: RequestLimits | undefined;
  readonly rateLimit?: RateLimitOptions | undefined;
  /** Default `[1]`. */
  readonly protocolVersions?: readonly number[] | undefined;
  /** Makes a catalogued problem of a service's own exceptions; `undefined` leaves them `internal`. */
  readonly toProblem?: ((error: unknown) => Problem | undefined) | undefined;
  /** Checks every answer against its schema. For tests and development: it costs. */
  readonly checkAnswers?: boolean | undefined;
};

type ListenAt = { readonly host: string; readonly port: number };

/** Routes that answer: over HTTP to the public, over HTTP to the cell, and by calls within the process. */
export type Service = {
  readonly name: string;
  /** Public routes only. */
  readonly handler: http.RequestListener;
  /** All routes, and `/healthz`, `/readyz`, `/metrics`: for an address that only the cell reaches. */
  readonly internalHandler: http.RequestListener;
  readonly transport: Transport;
  /** Serves the public routes; port 0 takes a free one. */
  listen(at: ListenAt): Promise<{ port: number }>;
  /** Serves all routes; see `internalHandler`. */
  listenInternal(at: ListenAt): Promise<{ port: number }>;
  /** Throws while not ready; for a process that composes several services. */
  ready(): Promise<void>;
  /** Stops accepting, waits for requests in flight up to `drainMs`, then closes every connection. Idempotent. */
  stop(): Promise<void>;
};

function startServer(handler: http.RequestListener, at: ListenAt, limits: FullLimits): Promise<http.Server> {
  const server = http.createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: 0,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    },
    handler,
  );
  server.maxConnections = limits.connections;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

async function closeServer(server: http.Server, drained: Promise<void>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  await drained;
  server.closeIdleConnections();
  server.closeAllConnections();
  await closed;
}

/** Makes a service; it listens nowhere until told to. */
export function createService(options: ServiceOptions): Service {
  const { name, log, registry } = options;
  const limits = fullLimits(options.limits);
  const pipeline = new Pipeline({
    bindings: options.bindings,
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
  });
  const servers: http.Server[] = [];
  let stopping: Promise<void> | undefined;
  const closing = (): boolean => stopping !== undefined;
  const ready = async (): Promise<void> => {
    if (closing()) throw new Error(`${name} is stopping`);
    await options.ready?.();
  };
  const handler = createKoaDoor(pipeline, { trusted: false, closing, log });
  const trusted = createKoaDoor(pipeline, { trusted: true, closing, log });
  const internalHandler = withHealth(trusted, { ready, registry, log });

  async function listenWith(listener: http.RequestListener, at: ListenAt): Promise<{ port: number }> {
    const server = await startServer(listener, at, limits);
    servers.push(server);
    return { port: (server.address() as AddressInfo).port };
  }

  return {
    name,
    handler,
    internalHandler,
    transport: createTransport(pipeline),
    listen: (at) => listenWith(handler, at),
    listenInternal: (at) => listenWith(internalHandler, at),
    ready,
    stop() {
      stopping ??= (async () => {
        const drained = pipeline.drain(limits.drainMs);
        await Promise.all([drained, ...servers.map((server) => closeServer(server, drained))]);
      })();
      return stopping;
    },
  };
}
