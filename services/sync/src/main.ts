import { randomUUID } from 'node:crypto';
import { createClient } from '@driftbox/api-client';
import { routes } from '@driftbox/protocol';
import { countLookups, loadConfig, readKafka, signServiceToken } from '@driftbox/service-kit';
import { joinCell, openHints, openProcess } from '@driftbox/service-process';
import { createSync } from './app.ts';
import { configTable } from './config.ts';
import { followMostSockets } from './most-sockets.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const kafka = readKafka({ config, secrets });
const own = await openProcess(
  'sync',
  { config, secrets },
  {
    connectionString: secrets.DRIFTBOX_SYNC_DATABASE_URL,
    maxConnections: config.DRIFTBOX_SYNC_CONNECTIONS,
  },
);
const { serviceKey, revocations, surroundings } = joinCell(own, { config, secrets }, config.DRIFTBOX_AUTH_URL);
const metadata = createClient({ transport: own.reach(config.DRIFTBOX_METADATA_URL) });
const sync = createSync({
  ...surroundings,
  database: own.database,
  bus: own.hearEvents(kafka),
  // Each process tells its own sockets, so each hears every event; Kafka forgets the groups of those that have gone.
  eventGroup: `sync-${randomUUID()}`,
  hints: openHints(own, { config, secrets }),
  metadata,
  mostSockets: followMostSockets(
    (tenant) =>
      metadata.call(routes.getTenantLimits, {
        params: { tenant },
        token: () => signServiceToken(serviceKey, { caller: 'sync', tid: tenant }),
      }),
    countLookups(own.registry, 'socket_limits'),
  ),
  revocations,
  socketLimits: {
    all: config.DRIFTBOX_SYNC_SOCKETS,
    perTenant: config.DRIFTBOX_SYNC_TENANT_SOCKETS,
    perUser: config.DRIFTBOX_SYNC_USER_SOCKETS,
  },
  pingEveryMs: config.DRIFTBOX_SYNC_PING_EVERY,
  spreadMs: config.DRIFTBOX_SYNC_RECONNECT_SPREAD,
});
await own.serve(sync, {
  host: config.DRIFTBOX_SYNC_HOST,
  port: config.DRIFTBOX_SYNC_PORT,
  internalPort: config.DRIFTBOX_SYNC_INTERNAL_PORT,
});
