import { readAtScrape, readTogether } from '@driftbox/service-kit';
import { Counter, type Registry } from 'prom-client';

/** What NGINX counts by itself, as `stub_status` writes it. */
type NginxStatus = { readonly requests: number; readonly connections: Readonly<Record<string, number>> };

/**
 * Registers what the NGINX beside this process says of itself; `readStatus` fetches its page at each scrape. While that fails NGINX is
 * told to be away, and nothing else of it is.
 */
export function createNginxMetrics(registry: Registry, readStatus: () => Promise<string>): void {
  const read = readTogether(async () => parseStatus(await readStatus()));
  readAtScrape(
    registry,
    {
      name: 'driftbox_gateway_nginx_up',
      help: '1 while the NGINX beside this process answers, 0 while it does not: nobody comes in by it',
      labelNames: [],
    },
    () =>
      read().then(
        () => [[{}, 1]],
        () => [[{}, 0]],
      ),
  );
  readAtScrape(
    registry,
    {
      name: 'driftbox_gateway_connections',
      help: 'Connections of clients to NGINX, by what they do; waiting ones are idle',
      labelNames: ['state'],
    },
    async () => Object.entries((await read()).connections).map(([state, count]) => [{ state }, count] as const),
  );
  new Counter({
    name: 'driftbox_gateway_requests_total',
    help: 'Requests that came to NGINX, those that it refused by itself included; begins anew with it',
    registers: [registry],
    async collect() {
      const status = await read().catch(() => undefined);
      if (status === undefined) return;
      this.reset();
      this.inc(status.requests);
    },
  });
}

/** Throws where the page is none of `stub_status` (ngx_http_stub_status_module). */
function parseStatus(text: string): NginxStatus {
  const [, , , requests] = /^ (\d+) (\d+) (\d+) $/m.exec(text) ?? [];
  const [, reading, writing, waiting] = /^Reading: (\d+) Writing: (\d+) Waiting: (\d+) $/m.exec(text) ?? [];
  if (requests === undefined || waiting === undefined) throw new Error('this is not the status page of NGINX');
  return { requests: Number(requests), connections: { reading: Number(reading), writing: Number(writing), waiting: Number(waiting) } };
}
