import { migrations as authMigrations } from '@driftbox/auth';
import type { TenantId } from '@driftbox/domain';
import { migrations as metadataMigrations } from '@driftbox/metadata';
import { migrations as notificationMigrations } from '@driftbox/notification';
import { hintsPath } from '@driftbox/protocol';
import { createSharedDoor } from '@driftbox/service-kit';
import { migrations as shareMigrations } from '@driftbox/share';
import { migrations as syncMigrations } from '@driftbox/sync';
import { uploadMigrations } from '@driftbox/upload';
import { openCellSecrets } from './cell-secrets.ts';
import { composeServices } from './compose-services.ts';
import type { StandaloneConfig } from './config.ts';
import { openDataFolder } from './data-folder.ts';
import { joinPage } from './join-page.ts';
import { listen } from './listen.ts';
import { listenInternal, type InternalAddresses } from './listen-internal.ts';
import { lockFolder } from './lock-folder.ts';
import { openDatabases } from './open-databases.ts';
import { putDefaultTenant, putTenants, type PutTenant } from './put-tenants.ts';
import { readTenantFiles, type FiledTenant } from './tenant-files.ts';

/** All of DriftBox, running. */
export type Standalone = {
  readonly address: string;
  readonly dataFolder: string;
  /** Where mails are written to, while no mail server is set. */
  readonly mailFolder: string | undefined;
  readonly tenantId: TenantId;
  /** Makes the first administrator; only while nobody has signed up. */
  readonly invitation: string | undefined;
  /** The tenants that files asked for. */
  readonly tenants: readonly PutTenant[];
  /** Where the cell's own routes are, if that was asked for. */
  readonly internal: InternalAddresses | undefined;
  /** Resolves with the reason when it cannot go on, because its PostgreSQL ended. */
  readonly failed: Promise<Error>;
  /** Stops accepting, lets requests in flight end, then stops everything in the opposite order of starting. */
  stop(): Promise<void>;
};

/** What has been started and must be stopped, last first. */
type Started = (() => unknown)[];

async function stopAll(started: Started): Promise<void> {
  for (const stop of started.splice(0).reverse()) await stop();
}

/**
 * Starts everything on one data folder, with the tenants of these files beside the default one. Throws, with everything
 * stopped again, when a part cannot start, and before anything is started when a file is wrong.
 */
export async function startStandalone(config: StandaloneConfig, files: readonly string[] = []): Promise<Standalone> {
  const started: Started = [];
  const filed = await readTenantFiles(files);
  try {
    return await start(config, filed, started);
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

async function start(config: StandaloneConfig, filed: readonly FiledTenant[], started: Started): Promise<Standalone> {
  const folder = await openDataFolder(config.dataFolder);
  const lock = lockFolder(folder.root);
  started.push(() => lock.release());
  const secrets = await openCellSecrets(folder.keys);
  const databases = await openDatabases(folder.postgres, {
    auth: authMigrations,
    metadata: metadataMigrations,
    notification: notificationMigrations,
    share: shareMigrations,
    sync: syncMigrations,
    upload: uploadMigrations,
  });
  let stopping = false;
  const failed = new Promise<Error>((resolve) => {
    void databases.server.ended.then(() => stopping || resolve(new Error(`PostgreSQL has ended; its log is in ${folder.postgres}`)));
  });
  started.push(() => databases.close());
  const services = await composeServices({ config, folder, secrets, databases });
  started.push(() => services.stop());
  const invitation = await putDefaultTenant(services, config, secrets);
  const tenants = await putTenants(services, secrets, filed, folder);
  const internal = await listenInternal(services, config.config.DRIFTBOX_INTERNAL_PORT);
  const { auth, metadata, notification, share, sync, upload } = services;
  // Tried in this order: what is asked most comes first.
  const door = createSharedDoor([metadata, upload, sync, share, notification, auth], [joinPage], services.log);
  const listener = await listen(config, door, { path: hintsPath, take: sync.upgrade });
  // Connections close after the services have drained: requests in flight still answer on them.
  started[started.length - 1] = async () => {
    await services.stop();
    await listener.close();
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    listener.stopAccepting();
    await stopAll(started);
  };
  return {
    address: listener.address,
    dataFolder: folder.root,
    mailFolder: config.secrets.DRIFTBOX_SMTP_URL === undefined ? folder.mail : undefined,
    tenantId: secrets.defaultTenant,
    invitation,
    tenants,
    internal,
    failed,
    stop,
  };
}
