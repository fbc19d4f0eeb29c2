import type { RequestListener, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import type { Logger } from './logger.ts';
import { NotReady } from './readiness.ts';

type HealthParts = { readonly ready: () => Promise<void>; readonly registry: Registry; readonly log: Logger };

function answer(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
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

/** Pages that are on their way to readers. More readers than a cell has are a fault of somebody's, and each holds a page in memory. */
const mostReaders = 16;

/**
 * Answers the metrics. Who asks while a page is being made gets that one. However slowly somebody reads, nobody waits for them: when there
 * are too many at once, the oldest is cut off, which is the one that had the most time.
 */
function metricsAnswerer({ registry, log }: HealthParts): (response: ServerResponse) => Promise<void> {
  const readers = new Set<ServerResponse>();
  let making: Promise<Buffer> | undefined;
  return async (response) => {
    try {
      making ??= registry
        .metrics()
        .then((text) => Buffer.from(text))
        .finally(() => (making = undefined));
      const page = await making;
      if (response.destroyed) return;
      const [oldest] = readers.size >= mostReaders ? readers : [];
      if (oldest !== undefined) {
        readers.delete(oldest);
        oldest.destroy();
      }
      readers.add(response);
      response.once('close', () => readers.delete(response));
      answer(response, 200, registry.contentType, page);
    } catch (error) {
      log.error({ err: error }, 'metrics failed');
      answer(response, 500, 'text/plain', 'failed\n');
    }
  };
}

/**
 * `/healthz` (the process answers), `/readyz` (it can serve; 503 otherwise, with what is missing) and `/metrics` (Prometheus
 * text) in front of a listener. They need no authorisation and belong on an address that only the cell reaches.
 */
export function withHealth(next: RequestListener, parts: HealthParts): RequestListener {
  const answerMetrics = metricsAnswerer(parts);
  return (request, response) => {
    if (request.url === '/healthz') answer(response, 200, 'text/plain', 'ok\n');
    else if (request.url === '/readyz') void answerReadiness(response, parts);
    else if (request.url === '/metrics') void answerMetrics(response);
    else next(request, response);
  };
}
