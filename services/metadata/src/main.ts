import { createClient } from '@driftbox/api-client';
import { SharedValues } from '@driftbox/redis';
import { loadConfig, readPublishing, readRedis, type RedisSettings } from '@driftbox/service-kit';
import { joinCell, openHints, openProcess } from '@driftbox/service-process';
import { localAnswers, type AnswerStore } from './answer-store.ts';
import { createMetadata } from './app.ts';
import { configTable } from './config.ts';

const { config, secrets } = loadConfig(configTable, process.env);
const publishing = readPublishing(
  { config, secrets },
  'DRIFTBOX_METADATA_RELAY_DATABASE_URL',
  secrets.DRIFTBOX_METADATA_RELAY_DATABASE_URL,
);
const redis = readRedis({ config, secrets });
const own = await openProcess(
  'metadata',
  { config, secrets },
  {
    connectionString: secrets.DRIFTBOX_METADATA_DATABASE_URL,
    maxConnections: config.DRIFTBOX_METADATA_CONNECTIONS,
  },
);
const { serviceKey, surroundings } = joinCell(own, { config, secrets }, config.DRIFTBOX_AUTH_URL);
const metadata = await createMetadata({
  ...surroundings,
  ...own.openEvents(publishing),
  database: own.database,
  hints: openHints(own, { config, secrets }),
  answers: redis === undefined ? localAnswers() : openAnswers(redis),
  auth: createClient({ transport: own.reach(config.DRIFTBOX_AUTH_URL) }),
  serviceKey,
  sweepEveryMs: config.DRIFTBOX_METADATA_SWEEP_EVERY,
});
await own.serve(metadata, {
  host: config.DRIFTBOX_METADATA_HOST,
  port: config.DRIFTBOX_METADATA_PORT,
  internalPort: config.DRIFTBOX_METADATA_INTERNAL_PORT,
});

/** Answers that are asked for often, kept by all processes of the cell together. */
function openAnswers(settings: RedisSettings): AnswerStore {
  const answers = new SharedValues({
    ...settings,
    prefix: `${config.DRIFTBOX_REDIS_PREFIX}answers:`,
    lifeMs: 120_000,
    onError: (error) => own.log.warn({ err: error }, 'hot answers'),
  });
  own.atEnd(() => answers.close());
  return answers;
}
