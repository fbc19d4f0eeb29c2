import assert from 'node:assert/strict';
import { createClient, createDatabase, migrate, relayRole, type Database } from '@driftbox/postgres';
import { startPostgresServer, type PostgresServer } from '@driftbox/postgres-server';

/** A service's place in the shared database: its own schema, its own role. */
export type ServiceDatabase = {
  readonly database: Database;
  /** As the role that may read and empty the outbox, and nothing else. */
  readonly relay: Database;
};

/** The embedded server and what each service may use of it. */
export type Databases = {
  readonly server: PostgresServer;
  of(service: string): ServiceDatabase;
  close(): Promise<void>;
};

const databaseName = 'driftbox';

/** Starts PostgreSQL on a folder and brings every service's schema up to date. `migrations` maps service to folder. */
export async function openDatabases(folder: string, migrations: Readonly<Record<string, URL>>): Promise<Databases> {
  const server = await startPostgresServer({ folder, durability: 'durable' });
  try {
    await createOnce(server);
    const { host, port, user } = server.connection;
    const admin = { host, port, user, database: databaseName };
    for (const [service, directory] of Object.entries(migrations))
      await migrate({ admin, schema: service, serviceRole: service, directory });
    const opened = new Map(Object.keys(migrations).map((service) => [service, open(server, service)]));
    return {
      server,
      of: (service) => {
        const database = opened.get(service);
        assert(database, `${service} has no migrations here`);
        return database;
      },
      close: async () => {
        await Promise.all([...opened.values()].flatMap(({ database, relay }) => [database.close(), relay.close()]));
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function open(server: PostgresServer, service: string): ServiceDatabase {
  const { host, port } = server.connection;
  const common = { host, port, database: databaseName, schema: service };
  return {
    database: createDatabase({ ...common, user: service, applicationName: service, maxConnections: 12 }),
    relay: createDatabase({ ...common, user: relayRole(service), applicationName: `${service}-relay`, maxConnections: 2 }),
  };
}

async function createOnce(server: PostgresServer): Promise<void> {
  const client = createClient(server.connection, { applicationName: 'driftbox', statementTimeoutMs: 60_000, connectTimeoutMs: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${databaseName} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
  } finally {
    await client.end();
  }
}
