import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createClient, type Client, type Transport } from '@driftbox/api-client';
import { openFileKeyManager, type Leftovers, type PackStore } from '@driftbox/chunk-store';
import { parseSessionId, parseUserId, type TenantId, type UserId } from '@driftbox/domain';
import { createMemoryHintBus, type HintBus } from '@driftbox/event-bus';
import { createMetadata, migrations as metadataMigrations, type Metadata } from '@driftbox/metadata';
import type { Database } from '@driftbox/postgres';
import { routes, type Drive } from '@driftbox/protocol';
import { createAuthenticator, createLogger, signAccessToken, signServiceToken } from '@driftbox/service-kit';
import { createTestDatabase, mortalCalls, mortalDatabase, newId, PlantedFault, type Faults, type TestDatabase } from '@driftbox/testkit';
import { createUpload, uploadMigrations, type Upload, type UploadOptions } from '@driftbox/upload';
import { Registry } from 'prom-client';

/** Somebody with a home drive, who outlives the processes that serve them. */
export type LifeOwner = { readonly tenantId: TenantId; readonly userId: UserId; readonly client: Client; readonly drive: Drive };

/** Metadata and upload as one life of their processes: what they did to databases and pool is all that the next life finds. */
export type Life = {
  readonly metadata: Metadata;
  readonly upload: Upload;
  readonly admin: Client;
  newOwner(tenantId: TenantId): Promise<LifeOwner>;
  /** The same person, talking to these processes. */
  as(owner: LifeOwner): LifeOwner;
  stop(): Promise<void>;
};

export type LifeOptions = {
  readonly metadata: Database;
  readonly upload: Database;
  readonly packs: PackStore;
  readonly leftovers?: readonly Leftovers[];
  readonly keyFile: string;
  readonly upkeep?: UploadOptions['upkeep'];
  /** Where both fail or die, as one process: each statement, COMMIT, hint, call of pool, key manager and each other, and each answer. */
  readonly steps: Faults;
};

/** A planted defect: what databases and pool would be with it. */
export type LifeDefect = {
  readonly database?: (real: Database) => Database;
  readonly pool?: (real: PackStore) => PackStore;
};

/** The schemas that lives are on. */
export function createLifeDatabase(): Promise<TestDatabase> {
  return createTestDatabase({
    services: [
      { service: 'metadata', migrations: metadataMigrations },
      { service: 'upload', migrations: uploadMigrations },
    ],
  });
}

/** Starts a life on them, with what is planted in it. */
export function startLifeOn(
  db: TestDatabase,
  { database = (real) => real, pool = (real) => real }: LifeDefect,
  options: Omit<LifeOptions, 'metadata' | 'upload'>,
): Promise<Life> {
  const [metadata, upload] = [database(db.databaseOf('metadata')), database(db.databaseOf('upload'))];
  return startLife({ ...options, metadata, upload, packs: pool(options.packs) });
}

const serviceKey = 'a service key of at least thirty-two bytes';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');

/** Starts both without sockets and without their background work. Stop it, also when it died. */
export async function startLife(options: LifeOptions): Promise<Life> {
  const { steps } = options;
  const common = { serviceKey, log: createLogger({ service: 'life', level: 'silent' }) };
  const authenticator = createAuthenticator({ keys: { find: () => Promise.resolve(publicKey) }, serviceKey });
  const metadata = await createMetadata({
    ...common,
    authenticator,
    database: mortalDatabase(options.metadata, steps),
    hints: mortalHints(steps),
    auth: createClient({ transport: () => Promise.reject(new Error('nobody is removed here')) }),
    registry: new Registry(),
  });
  const once = (transport: Transport, token?: () => Promise<string>): Client =>
    createClient({ transport, retry: { attempts: 1 }, ...(token === undefined ? {} : { token }) });
  const upload = createUpload({
    ...common,
    authenticator,
    database: mortalDatabase(options.upload, steps),
    packStore: mortalCalls(options.packs, steps),
    leftovers: options.leftovers,
    keyManager: mortalCalls(await openFileKeyManager(options.keyFile), steps),
    metadata: once(mortalCalls({ ask: metadata.service.transport }, steps).ask),
    contentUrlSecret: randomBytes(32),
    registry: new Registry(),
    upkeep: { readMs: 60_000, bytesPerSecond: 1e9, ...options.upkeep },
  });
  const either: Transport = (request) =>
    (/^\/(v1\/drives(?!.*\/content).*GET|admin\/v1\/metadata)/.test(`${request.path} ${request.method}`)
      ? metadata
      : upload
    ).service.transport(request);
  const clientOf = (tid: TenantId, sub: UserId): Client => {
    const claims = { tid, sub, sid: newId(parseSessionId), role: 'member' as const, scope: 'write' as const };
    return once(either, () => signAccessToken(privateKey, 'k1', claims, Date.now(), Date.now() + 600_000));
  };
  const admin = (transport: Transport, tid?: TenantId): Client =>
    once(transport, () => signServiceToken(serviceKey, { caller: 'admin', ...(tid === undefined ? {} : { tid }) }));
  return {
    metadata,
    upload,
    admin: admin(either),
    async newOwner(tenantId) {
      const body = { tenantId, name: 'Acme', hosts: [] };
      await admin(metadata.service.transport).call(routes.putTenantInMetadata, { params: { tenant: tenantId }, body });
      const userId = newId(parseUserId);
      const client = clientOf(tenantId, userId);
      const [drive] = (await client.call(routes.listDrives)).items;
      if (drive === undefined) throw new Error('nobody is without a home drive');
      return { tenantId, userId, client, drive };
    },
    as: (owner) => ({ ...owner, client: clientOf(owner.tenantId, owner.userId) }),
    stop: async () => {
      await upload.stop();
      await metadata.stop();
    },
  };
}

/** A hint is lost where the process dies as it sends it. */
function mortalHints(steps: Faults): HintBus {
  const publish = (): void => {
    try {
      steps.step('hint');
    } catch (error) {
      if (!(error instanceof PlantedFault)) throw error;
    }
  };
  return { ...createMemoryHintBus(), publish };
}
