import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, createDatabase, migrate, relayRole, type Connection, type Database } from '@driftbox/postgres';
import { testServer, type TestServer } from './test-server.ts';

/** A service as the database knows it: schema and role are called like it. */
export type TestService = { readonly service: string; readonly migrations: URL | string };

/** A database of the test file's own, made by copying a migrated template. Drop it in `afterAll`. */
export type TestDatabase = {
  /** As the first (or only) service; under row-level security, as in production. */
  readonly database: Database;
  /** As the same service's relay role: the outbox and nothing else. */
  readonly relay: Database;
  databaseOf(service: string, role?: 'service' | 'relay'): Database;
  /** A connection string's parts for the service role, where a test makes its own pool. */
  connectionOf(service: string, role?: 'service' | 'relay'): Connection & { readonly schema: string };
  /** The superuser, for whom row-level security does not hold: to arrange and to look. */
  readonly admin: Connection;
  /** Runs one statement as the superuser. */
  adminQuery<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
};

const settings = { applicationName: 'test', statementTimeoutMs: 60_000, connectTimeoutMs: 10_000 };

/** Makes a database with the tables of one service, or of several, in a few dozen milliseconds once the template exists. */
export async function createTestDatabase(wanted: TestService | { readonly services: readonly TestService[] }): Promise<TestDatabase> {
  const services = 'services' in wanted ? wanted.services : [wanted];
  const server = await testServer();
  const template = await ensureTemplate(server, services);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(server, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  return openTestDatabase({ ...server, database: name }, services);
}

function openTestDatabase(admin: TestServer, services: readonly TestService[]): TestDatabase {
  const { host, port, database: name } = admin;
  const first = services[0]?.service ?? '';
  const pools = new Map<string, Database>();
  const connectionOf: TestDatabase['connectionOf'] = (service, role = 'service') => {
    if (!services.some((one) => one.service === service)) throw new Error(`this database has no service ${service}`);
    return { host, port, database: name, user: role === 'relay' ? relayRole(service) : service, schema: service };
  };
  const databaseOf: TestDatabase['databaseOf'] = (service, role = 'service') => {
    const known = pools.get(`${service} ${role}`);
    const pool = known ?? createDatabase({ ...connectionOf(service, role), applicationName: `test-${service}`, maxConnections: 8 });
    pools.set(`${service} ${role}`, pool);
    return pool;
  };
  return {
    database: databaseOf(first),
    relay: databaseOf(first, 'relay'),
    databaseOf,
    connectionOf,
    admin: { host, port, user: admin.user, database: name },
    adminQuery: (text, values) => asAdmin(admin, text, values, first),
    drop: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      await asAdmin({ ...admin, database: 'postgres' }, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/** One template per set of migrations, named by their content, so that a changed file means another template. */
async function ensureTemplate(server: TestServer, services: readonly TestService[]): Promise<string> {
  const hash = createHash('sha256');
  for (const { service, migrations } of services) {
    const folder = migrations instanceof URL ? fileURLToPath(migrations) : migrations;
    for (const file of (await readdir(folder)).sort()) hash.update(`${service}/${file}\n`).update(await readFile(path.join(folder, file)));
  }
  const template = `template_${hash.digest('hex').slice(0, 32)}`;
  const client = createClient({ host: server.host, port: server.port, user: server.user, database: 'postgres' }, settings);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount === 0) await makeTemplate(server, template, services);
  } finally {
    await client.end();
  }
  return template;
}

async function makeTemplate(server: TestServer, template: string, services: readonly TestService[]): Promise<void> {
  const making = `making_${randomBytes(8).toString('hex')}`;
  await asAdmin(server, `CREATE DATABASE ${making}`);
  for (const { service, migrations } of services) {
    await migrate({
      admin: { host: server.host, port: server.port, user: server.user, database: making },
      schema: service,
      serviceRole: service,
      directory: migrations,
    });
  }
  await asAdmin(server, `ALTER DATABASE ${making} RENAME TO ${template}`);
}

async function asAdmin<Row>(server: TestServer, text: string, values: readonly unknown[] = [], schema?: string): Promise<Row[]> {
  const { host, port, user, database } = server;
  const client = createClient({ host, port, user, database }, { ...settings, schema });
  await client.connect();
  try {
    return (await client.query(text, values as unknown[])).rows as Row[];
  } finally {
    await client.end();
  }
}
