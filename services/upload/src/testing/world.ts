import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { createClient, httpTransport, type Client, type Transport } from '@driftbox/api-client';
import { MemoryStore, openFileKeyManager, type PackStore } from '@driftbox/chunk-store';
import type { DriveId, TenantId, UserId } from '@driftbox/domain';
import type { Database } from '@driftbox/postgres';
import { createAuthenticator, createLogger, createService, signAccessToken } from '@driftbox/service-kit';
import { createTestDatabase, temporaryFolder, type TestDatabase } from '@driftbox/testkit';
import { Registry } from 'prom-client';
import { createUpload, uploadMigrations, type Upload, type UploadOptions } from '../index.ts';
import { MemoryMetadata } from './memory-metadata.ts';
import { present } from '../present.ts';

/** A user with a drive of their own, and a client that speaks for them over HTTP. */
export type Person = {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  readonly drive: DriveId;
  readonly epoch: string;
  readonly client: Client;
  readonly token: string;
};

/** The upload service on HTTP, over a real database, with metadata in memory. */
export type World = {
  readonly upload: Upload;
  readonly address: string;
  readonly metadata: MemoryMetadata;
  readonly database: Database;
  readonly test: TestDatabase;
  readonly packs: PackStore;
  readonly tenantId: TenantId;
  person(tenantId?: TenantId, drive?: DriveId): Promise<Person>;
  stop(): Promise<void>;
};

export type WorldOptions = {
  readonly packs?: PackStore;
  /** Puts something between the service and metadata. */
  readonly betweenMetadata?: (transport: Transport) => Transport;
  readonly betweenDatabase?: (database: Database) => Database;
  readonly options?: Partial<UploadOptions>;
  /** The clock of metadata's database, where it is another than that of the tests' database. */
  readonly metadataNowMs?: () => number;
};

export const serviceKey = 'a service key of the tests, long enough';

export async function openWorld({
  packs = new MemoryStore(),
  betweenMetadata = (transport) => transport,
  betweenDatabase = (database) => database,
  options = {},
  metadataNowMs,
}: WorldOptions = {}): Promise<World> {
  const test = await createTestDatabase({ service: 'upload', migrations: uploadMigrations });
  const folder = await temporaryFolder();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const authenticator = createAuthenticator({
    keys: { find: () => Promise.resolve(publicKey) },
    serviceKey,
    ...(options.nowMs === undefined ? {} : { nowMs: options.nowMs }),
  });
  const log = createLogger({ service: 'upload', level: 'fatal' });
  const metadata = new MemoryMetadata(metadataNowMs);
  const tenantId = randomUUID() as TenantId;
  const metadataService = createService({ name: 'metadata', bindings: metadata.bindings(), authenticator, log, registry: new Registry() });
  const upload = createUpload({
    database: betweenDatabase(test.database),
    packStore: packs,
    keyManager: await openFileKeyManager(`${folder.path}/keys.json`),
    serviceKey,
    metadata: createClient({ transport: betweenMetadata(metadataService.transport), retry: { attempts: 1 } }),
    contentUrlSecret: randomBytes(32),
    authenticator,
    log,
    registry: new Registry(),
    tenantOfHost: () => tenantId,
    checkAnswers: true,
    ...options,
  });
  const { port } = await upload.service.listen({ host: '127.0.0.1', port: 0 });
  const address = `http://127.0.0.1:${port}`;
  const person = async (tenant = tenantId, drive?: DriveId): Promise<Person> => {
    const userId = randomUUID() as UserId;
    const claims = { sub: userId, tid: tenant, sid: randomUUID() as never, role: 'member', scope: 'write' } as const;
    const token = await signAccessToken(privateKey, 'one', claims, Date.now(), Date.now() + 3_600_000);
    const own = drive ?? metadata.addDrive(tenant, userId);
    const client = createClient({ transport: httpTransport(address), token: () => Promise.resolve(token), retry: { attempts: 1 } });
    return {
      tenantId: tenant,
      userId,
      drive: own,
      epoch: present(metadata.drives.get(own), 'the drive was made').drive.drive.epoch,
      client,
      token,
    };
  };
  const stop = async (): Promise<void> => {
    await upload.stop();
    await metadataService.stop();
    await test.drop();
    await folder[Symbol.asyncDispose]();
  };
  return { upload, address, metadata, database: test.database, test, packs, tenantId, person, stop };
}
