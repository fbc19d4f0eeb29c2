export { checkedLookup, type FoundAddress, type Resolve } from './checked-lookup.ts';
export { guardedFetch, type FetchGuard, type GuardedFetch } from './guarded-fetch.ts';
export { repeat, type Repeated } from './repeat.ts';
export { isPublicAddress } from './public-address.ts';
export { actorOf, claimsOf } from './acting-claims.ts';
export { signAccessToken, verifyAccessToken } from './access-token.ts';
export { createAuthenticator, type Authenticator, type BasicCredentials, type Credentials, type Identity } from './authenticator.ts';
export {
  eventSettings,
  hintSettings,
  readKafka,
  readPublishing,
  readRedis,
  type KafkaSettings,
  type RedisSettings,
} from './bus-settings.ts';
export { BoundedMap } from './bounded-map.ts';
export type { CertificateFiles } from './certificate-files.ts';
export { openServer } from './open-server.ts';
export { certificateSettings, openCertificate, readKnownCell, tlsSettings, type KnownCell } from './tls-settings.ts';
export { countDeadLetters } from './count-dead-letters.ts';
export { countLookups, caches, type CacheName, type CountLookup } from './count-lookups.ts';
export { databaseLimits, databaseSettings, databaseTrust, readDatabaseTrust } from './database-settings.ts';
export { ConfigError, defineConfig, describeConfig, loadConfig, type ConfigRow, type ConfigTable, type Loaded } from './config.ts';
export { Deadline } from './deadline.ts';
export { defaultCost, hashPassword, verifyPassword, type PasswordCost } from './hash-password.ts';
export { disposition } from './disposition.ts';
export { followHosts } from './hosts.ts';
export { createKeySource, type KeySource, type PublicKey } from './key-source.ts';
export { LookupCache } from './lookup-cache.ts';
export type { RequestLimits } from './limits.ts';
export { LogOutput } from './log-output.ts';
export { createLogger, type Logger } from './logger.ts';
export { contentRange, parseRange, type RangeOutcome } from './parse-range.ts';
export { newId, ownId } from './new-id.ts';
export { idOfCursor, toPage } from './page.ts';
export { matchFails, noneMatchFails, parseEntityTags, rangeHolds } from './preconditions.ts';
export { addressKey, type Rate, type RateLimitOptions } from './rate-limit.ts';
export { framesType } from './read-request.ts';
export { reply, Reply, writtenJson } from './reply.ts';
export { PolledRevocations, type RevocationSource } from './revocations.ts';
export { handle, type Actor, type Handler, type RouteBinding, type RouteRequest } from './route-request.ts';
export { hashSecret, newSecret } from './secret.ts';
export { createSharedDoor, type Page } from './shared-door.ts';
export { createService, type Service, type ServiceOptions, type ServiceSurroundings, type UpgradeListener } from './service.ts';
export { serviceKeySettings } from './service-key-settings.ts';
export { signServiceToken, verifyServiceToken, type ServiceKeys } from './service-token.ts';
export type { Transport, TransportAnswer, TransportRequest } from './transport.ts';
export { checkParts, NotReady } from './readiness.ts';
export { stopOnSignal } from './stop-on-signal.ts';
export { createDatabaseMetrics } from './database-metrics.ts';
export { tenantLabel, tenantMetricSettings, watchTenants } from './tenant-metrics.ts';
export { startTracing, type Tracing } from './tracing/start-tracing.ts';
export { readPem } from './read-pem.ts';
export { readTracing, tracingSettings, type TracingTarget } from './tracing/tracing-settings.ts';
export { queues, watchEvents, watchQueue, type Backlog, type QueueName } from './watch-queue.ts';
export { mostQuotasRead, watchUsage, type UsageOfQuota } from './watch-usage.ts';
export { createRoundMetrics, type Round } from './round-metrics.ts';
export { readAtScrape, readTogether } from './read-at-scrape.ts';
export { watchOutbox, type OutboxBacklog } from './watch-outbox.ts';
export { mailSettings } from './mail-settings.ts';
