import { createClient, httpTransport, waitingCalls } from '@driftbox/api-client';
import { SharedRates } from '@driftbox/redis';
import {
  createLogger,
  loadConfig,
  openCertificate,
  readKnownCell,
  readRedis,
  readTracing,
  startTracing,
  watchQueue,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import { createVerify } from './app.ts';
import { verifyConfig } from './config.ts';
import { createNginxMetrics } from './nginx-metrics.ts';

const { config, secrets } = loadConfig(verifyConfig, process.env);
const log = createLogger({ service: 'verify', level: config.DRIFTBOX_LOG_LEVEL });
const tracing = await startTracing(readTracing({ config, secrets }), 'verify', log);
const certificate = await openCertificate({ config }, log);
const { authority, ready } = readKnownCell({ config });
const redis = readRedis({ config, secrets });
const onError = (error: unknown): void => log.warn({ err: error }, 'requests are counted without Redis');
const prefix = `${config.DRIFTBOX_REDIS_PREFIX}rates:`;
const sharedRates = redis === undefined ? undefined : new SharedRates({ ...redis, prefix, onError });
// A request waits for what is asked here: better one quick refusal than a slow answer.
const retry = { attempts: 2, deadlineMs: 3_000 };
const reach = (url: string) => httpTransport(url, { idleTimeoutMs: 5_000, authority });
const registry = new Registry();
watchQueue(registry, 'calls', waitingCalls);
const status = config.DRIFTBOX_VERIFY_NGINX_STATUS;
if (status !== undefined) createNginxMetrics(registry, async () => (await fetch(status, { signal: AbortSignal.timeout(1_000) })).text());
const verify = createVerify({
  auth: createClient({ transport: reach(config.DRIFTBOX_AUTH_URL), retry }),
  metadata: createClient({ transport: reach(config.DRIFTBOX_METADATA_URL), retry }),
  serviceKey: secrets.DRIFTBOX_SERVICE_KEY,
  log,
  registry,
  sharedRates,
});
verify.start();
const host = config.DRIFTBOX_VERIFY_HOST;
const { port } = await verify.service.listen({ host, port: config.DRIFTBOX_VERIFY_PORT });
const internalHost = config.DRIFTBOX_VERIFY_INTERNAL_HOST;
const internalPort = config.DRIFTBOX_VERIFY_INTERNAL_PORT;
const internal = await verify.service.listenInternal({ host: internalHost, port: internalPort, certificate, ready });
log.info({ host, port, internalHost, internalPort: internal.port }, 'listening');

async function stop(): Promise<void> {
  await verify.stop();
  sharedRates?.close();
  await tracing.stop();
}
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => void stop());
