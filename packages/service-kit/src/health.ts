import type { RequestListener, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Logger } from './logger.ts';
import { NotReady } from './readiness.ts';

type HealthParts = { readonly ready: () => Promise<void>; readonly registry: Registry; readonly log: Logger };

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text);
}

async function answerReadiness(response: ServerResponse, { ready, log }: HealthParts): Promise<void> {
  try {
    await ready();
    answer(response, 200, 'text/plain', 'ready\n');
  } catch (error) {
    log.warn({ err: error }, 'not ready');
    answer(response, 503, 'text/plain', `${error instanceof NotReady ? error.message : 'not ready'}\n`);
  }
}

async function answerMetrics(response: ServerResponse, { registry, log }: HealthParts): Promise<void> {
  try {
    answer(response, 200, registry.contentType, await registry.metrics());
  } catch (error) {
    log.error({ err: error }, 'metrics failed');
    answer(response, 500, 'text/plain', 'failed\n');
  }
}

/**
 * `/healthz` (the process answers), `/readyz` (it can serve; 503 otherwise, with what is missing) and `/metrics` (Prometheus
 * text) in front of a listener. They need no authorisation and belong on an address that only the cell reaches.
 */
export function withHealth(next: RequestListener, parts: HealthParts): RequestListener {
  return (request, response) => {
    if (request.url === '/healthz') answer(response, 200, 'text/plain', 'ok\n');
    else if (request.url === '/readyz') void answerReadiness(response, parts);
    else if (request.url === '/metrics') void answerMetrics(response, parts);
    else next(request, response);
  };
}
