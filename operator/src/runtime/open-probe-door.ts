import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Health } from './health.ts';

/** What the door answers with. */
export type ProbeDoorOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly alive: () => Health;
  readonly ready: () => Health;
  readonly registry: Registry;
};

/** A door that is open. */
export type ProbeDoor = { readonly port: number; close(): Promise<void> };

/** Answers `/healthz`, `/readyz` and `/metrics` over HTTP; anything else is 404. Throws where the address is taken. */
export async function openProbeDoor(options: ProbeDoorOptions): Promise<ProbeDoor> {
  const server = http.createServer((request, response) => {
    answer(request.url ?? '', options).then(
      ({ status, type, text }) => response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

type Page = { readonly status: number; readonly type: string; readonly text: string };

async function answer(path: string, { alive, ready, registry }: ProbeDoorOptions): Promise<Page> {
  if (path === '/metrics') return { status: 200, type: registry.contentType, text: await registry.metrics() };
  const check = path === '/healthz' ? alive : path === '/readyz' ? ready : undefined;
  if (check === undefined) return { status: 404, type: 'text/plain', text: 'not found\n' };
  const { isWell, text } = check();
  return { status: isWell ? 200 : 503, type: 'text/plain', text: `${text}\n` };
}
