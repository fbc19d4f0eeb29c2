import { createClient } from '@driftbox/api-client';
import { checkParts, loadConfig } from '@driftbox/service-kit';
import { joinCell, openProcess } from '@driftbox/service-process';
import { createUpload } from './app.ts';
import { configTable } from './config.ts';
import { readKeys } from './keys/key-settings.ts';
import { openKeys } from './keys/open-keys.ts';
import { openPool } from './open-pool.ts';
import { readPools } from './pool-settings.ts';
import { readUpkeep } from './upkeep-settings.ts';

const loaded = loadConfig(configTable, process.env);
const { config, secrets } = loaded;
const pools = readPools(loaded);
const keySettings = readKeys(loaded, config.DRIFTBOX_KEY_FILE);
const own = await openProcess('upload', loaded, {
  connectionString: secrets.DRIFTBOX_UPLOAD_DATABASE_URL,
  maxConnections: config.DRIFTBOX_UPLOAD_CONNECTIONS,
});
const { database, log, registry } = own;
const pool = await openPool(pools, registry);
own.atEnd(() => pool.close());
const { serviceKey, surroundings } = joinCell(own, loaded, config.DRIFTBOX_AUTH_URL);
const upload = createUpload({
  ...surroundings,
  database,
  serviceKey,
  packStore: pool.store,
  mirror: pool.mirror,
  leftovers: pool.leftovers,
  ready: checkParts({ database: () => database.query('SELECT 1'), pool: () => pool.check() }),
  keyManager: await openKeys(keySettings, database, log),
  metadata: createClient({ transport: own.reach(config.DRIFTBOX_METADATA_URL) }),
  contentUrlSecret: Buffer.from(secrets.DRIFTBOX_CONTENT_URL_SECRET),
  receiveBytes: config.DRIFTBOX_UPLOAD_RECEIVE_BYTES,
  sendBytes: config.DRIFTBOX_UPLOAD_SEND_BYTES,
  packBytes: config.DRIFTBOX_UPLOAD_PACK_BYTES,
  ...readUpkeep(config),
});
await own.serve(upload, {
  host: config.DRIFTBOX_UPLOAD_HOST,
  port: config.DRIFTBOX_UPLOAD_PORT,
  internalPort: config.DRIFTBOX_UPLOAD_INTERNAL_PORT,
});
