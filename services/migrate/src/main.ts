import { applyTopics, createKafkaClient, topicsBelow } from '@driftbox/event-bus';
import { createLogger, loadConfig, readDatabaseTrust, readKafka } from '@driftbox/service-kit';
import { migrateConfig } from './config.ts';
import { readLogin } from './login.ts';
import { migrateCell } from './migrate-cell.ts';
import { replacePassword } from './replace-password.ts';

const { config, secrets } = loadConfig(migrateConfig, process.env);
const log = createLogger({ service: 'migrate', level: config.DRIFTBOX_LOG_LEVEL });
const trust = readDatabaseTrust(config);
const kafkaSettings = readKafka({ config, secrets });
const login = (name: keyof typeof secrets & `${string}_URL`) => readLogin(secrets[name], name);
const folder = (service: string): URL => new URL(`../../${service}/migrations/`, import.meta.url);
const { DRIFTBOX_DATABASE_ADMIN_URL: connectionString, DRIFTBOX_OTHER_DATABASE_ADMIN_PASSWORD: otherPassword } = secrets;

const schemas = [
  { name: 'auth', login: login('DRIFTBOX_AUTH_DATABASE_URL'), relay: login('DRIFTBOX_AUTH_RELAY_DATABASE_URL') },
  { name: 'metadata', login: login('DRIFTBOX_METADATA_DATABASE_URL'), relay: login('DRIFTBOX_METADATA_RELAY_DATABASE_URL') },
  { name: 'upload', login: login('DRIFTBOX_UPLOAD_DATABASE_URL') },
  { name: 'sync', login: login('DRIFTBOX_SYNC_DATABASE_URL') },
  { name: 'share', login: login('DRIFTBOX_SHARE_DATABASE_URL'), relay: login('DRIFTBOX_SHARE_RELAY_DATABASE_URL') },
  {
    name: 'notification',
    login: login('DRIFTBOX_NOTIFICATION_DATABASE_URL'),
    relay: login('DRIFTBOX_NOTIFICATION_RELAY_DATABASE_URL'),
  },
].map((schema) => ({ ...schema, directory: folder(schema.name) }));

if (otherPassword !== undefined) {
  const { password } = login('DRIFTBOX_DATABASE_ADMIN_URL');
  await replacePassword({ connectionString, otherPassword, ...trust }, password);
  log.info('the administrator has the password that it is to have');
}
await migrateCell(
  (database) => ({ connectionString: database === undefined ? connectionString : inDatabase(connectionString, database), ...trust }),
  schemas,
  (schema, applied) => log.info({ schema, applied }, 'migrated'),
);
if (kafkaSettings !== undefined) {
  const kafka = createKafkaClient({ ...kafkaSettings, clientId: 'migrate', warn: (message) => log.warn(message) });
  for (const topic of await applyTopics(kafka, topicsBelow(kafkaSettings.prefix), { replicas: config.DRIFTBOX_KAFKA_REPLICAS })) {
    if (topic.outcome === 'conflict') throw new Error(`the topic ${topic.name} cannot be used: ${topic.reason}`);
    log.info(topic, 'topic');
  }
}

/** The same way in, to another database. */
function inDatabase(text: string, database: string): string {
  return text.replace(/^(\w+:\/\/[^/?#]+)(?:\/[^?#]*)?/, `$1/${database}`);
}
