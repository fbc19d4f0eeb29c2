import type { RequestListener } from 'node:http';
import { createClient, httpTransport, noRetry, type Transport } from '@driftbox/api-client';
import { createLogger, loadConfig, openCertificate, openServer, stopOnSignal } from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { configTable } from './config.ts';
import { createProbeMetrics } from './metrics.ts';
import { startProbe } from './probe.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const log = createLogger({ service: 'probe', level: config.DRIFTBOX_LOG_LEVEL });
const registry = new Registry();
const host = config.DRIFTBOX_PROBE_TENANT_HOST;
const sockets = httpTransport(config.DRIFTBOX_PROBE_URL);
const transport: Transport = (request) => sockets(host === undefined ? request : { ...request, headers: { ...request.headers, host } });
const probe = startProbe({
  round: {
    email: config.DRIFTBOX_PROBE_EMAIL,
    password: secrets.DRIFTBOX_PROBE_PASSWORD,
    // Tried once: what a client would hide by trying again is what is looked for.
    clientOf: (token) => createClient({ transport, retry: noRetry, ...(token === undefined ? {} : { token: async () => token }) }),
  },
  metrics: createProbeMetrics(registry),
  log,
  everyMs: config.DRIFTBOX_PROBE_EVERY,
  patienceMs: config.DRIFTBOX_PROBE_PATIENCE,
});
const answer: RequestListener = (request, response) => {
  if (request.url === '/healthz') response.end('ok\n');
  else if (request.url === '/metrics') {
    void registry.metrics().then((text) => response.setHeader('content-type', registry.contentType).end(text));
  } else response.writeHead(404).end();
};
const server = openServer({}, answer, await openCertificate({ config }, log));
server.listen(config.DRIFTBOX_PROBE_PORT, config.DRIFTBOX_PROBE_HOST);

stopOnSignal(async () => {
  await probe.stop();
  sockets.close();
  server.close();
}, log);
