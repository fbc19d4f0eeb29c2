import { httpTransport, waitingCalls, type HttpTransport } from '@driftbox/api-client';
import { createKafkaBus, joinLater, type EventBus } from '@driftbox/event-bus';
import { createDatabase, type Connection, type Database } from '@driftbox/postgres';
import type { ServiceName } from '@driftbox/protocol';
import {
  countDeadLetters,
  createLogger,
  databaseLimits,
  openCertificate,
  readDatabaseTrust,
  readKnownCell,
  readTracing,
  startTracing,
  stopOnSignal,
  watchEvents,
  watchQueue,
  watchTenants,
  type CertificateFiles,
  type KafkaSettings,
  type Loaded,
  type Logger,
  type Service,
} from '@driftbox/service-kit';
import { Registry } from 'prom-client';
import type { processSettings } from './process-settings.ts';

/** Whatever is closed when the process ends. */
type Closing = () => unknown;

/** The database of a service, as its role. */
export type OwnDatabase = { readonly connectionString: string; readonly maxConnections: number };

/** Where a service's events go; `relayUrl` is its database as the role that relays its outbox. */
type Publishing = { readonly kafka: KafkaSettings; readonly relayUrl: string };

/** What a service's process has before the service. */
export type ServiceProcess = {
  readonly name: ServiceName;
  readonly log: Logger;
  readonly registry: Registry;
  readonly database: Database;
  /** Opens what relays the outbox and hears others. Without brokers there is neither; brokers that are away are joined later. */
  openEvents(publishing: Publishing | undefined): { readonly relayDatabase: Database | undefined; readonly bus: EventBus | undefined };
  /** A bus for a process that hears events and sends none. */
  hearEvents(kafka: KafkaSettings | undefined): EventBus | undefined;
  /** The way to another service of the cell, at `url`. */
  reach(url: string): HttpTransport;
  /** `closing` is called when the process ends: before all that was handed over earlier. */
  atEnd(closing: Closing): void;
  /** Starts the service, serves its public and all its routes, and ends everything at SIGTERM or SIGINT. */
  serve(running: Running, at: ServeAt): Promise<void>;
};

/** Port 0 takes a free one. */
type ServeAt = { readonly host: string; readonly port: number; readonly internalPort: number };

/** A composed service: what `app.ts` makes. */
type Running = { readonly service: Service; start(): unknown; stop(): Promise<unknown> };

/** Opens what every service's own process has. Throws `ConfigError` for what is wrong with its settings. */
export async function openProcess(
  name: ServiceName,
  { config, secrets }: Loaded<typeof processSettings>,
  own: OwnDatabase,
): Promise<ServiceProcess> {
  const ending: Closing[] = [];
  const atEnd = (closing: Closing): void => void ending.unshift(closing);
  const log = createLogger({ service: name, level: config.DRIFTBOX_LOG_LEVEL });
  const tracing = await startTracing(readTracing({ config, secrets }), name, log);
  atEnd(() => tracing.stop());
  const certificate = await openCertificate({ config }, log);
  const known = readKnownCell({ config });
  const trust = readDatabaseTrust(config);
  const registry = new Registry();
  watchTenants(registry, config);
  watchQueue(registry, 'calls', waitingCalls);
  const countDeadLetter = countDeadLetters(registry);
  const { DRIFTBOX_OTHER_RELAY_DATABASE_PASSWORD: otherRelay } = secrets;
  const open = (applicationName: string, of: OwnDatabase & Pick<Connection, 'otherPassword'>): Database => {
    const database = createDatabase({ schema: name, applicationName, ...of, ...trust, ...databaseLimits(config) });
    atEnd(() => database.close());
    return database;
  };
  const openBus = (settings: KafkaSettings, publishTimeoutMs?: number): EventBus => {
    const kafka = createKafkaBus({
      ...settings,
      clientId: name,
      ...(publishTimeoutMs === undefined ? {} : { publishTimeoutMs }),
      warn: (message, error) => log.warn({ err: error }, message),
      onDeadLetter: (news) => {
        countDeadLetter();
        log.error(news, 'an event was given up, and is kept as a dead letter');
      },
    });
    atEnd(() => kafka.close());
    watchEvents(registry, kafka);
    return joinLater(kafka, { onError: (error) => log.warn({ err: error }, 'events are not heard yet') });
  };
  const listen = async ({ listen: toAll, listenInternal }: Service, { host, port, internalPort }: ServeAt, shown?: CertificateFiles) => {
    const opened = await toAll({ host, port, certificate: shown });
    const openedToCell = await listenInternal({ host, port: internalPort, certificate: shown, ready: known.ready });
    log.info({ host, port: opened.port, internalPort: openedToCell.port, tls: shown !== undefined }, 'listening');
  };
  return {
    name,
    log,
    registry,
    database: open(name, { ...own, otherPassword: secrets.DRIFTBOX_OTHER_DATABASE_PASSWORD }),
    openEvents: (publishing) => ({
      relayDatabase:
        publishing && open(`${name}-relay`, { connectionString: publishing.relayUrl, otherPassword: otherRelay, maxConnections: 2 }),
      bus: publishing && openBus(publishing.kafka, 10_000),
    }),
    hearEvents: (kafka) => kafka && openBus(kafka),
    reach: (url) => httpTransport(url, { authority: known.authority }),
    atEnd,
    async serve(running, at) {
      atEnd(() => running.stop());
      await running.start();
      await listen(running.service, at);
      const byTls = { host: at.host, port: config.DRIFTBOX_TLS_PORT, internalPort: config.DRIFTBOX_INTERNAL_TLS_PORT };
      if (certificate !== undefined) await listen(running.service, byTls, certificate);
      stopOnSignal(async () => {
        for (const closing of ending) await closing();
      }, log);
    },
  };
}
