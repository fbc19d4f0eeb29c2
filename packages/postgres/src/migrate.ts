import { setTimeout as delay } from 'node:timers/promises';
import knexModule from 'knex';
import { clientConfig, sharedSchema, type Connection, type SessionSettings } from './connection.ts';
import { classify, DeadlineExceeded, Retryable } from './errors.ts';
import { endsOfBatches, listMigrations, migrationSource, ownMigrations } from './migration-source.ts';
import { ensureRoles, ensureSchema, ensureSharedSchema, grantRights, rolesOf, unguardedTables, type Roles } from './provision.ts';
import { connectClient, type WritableClient } from './writable-client.ts';

/** What to bring up to date, and with whose rights. */
export type MigrateOptions = {
  /** May create roles, schemas and extensions in `database`; a superuser, or its owner with CREATEROLE. */
  readonly admin: Connection;
  readonly schema: string;
  readonly serviceRole: string;
  /** For `serviceRole` and for its relay role; roles keep what they have where it is left out. */
  readonly password?: string | undefined;
  readonly relayPassword?: string | undefined;
  /** The service's `migrations/` folder. */
  readonly directory: string | URL;
  /** For one migration, and for waiting until another process has migrated; default 10 minutes. */
  readonly timeoutMs?: number | undefined;
};

/**
 * Creates what is missing (roles, schema, extensions, rights) and runs the migrations that this database has not seen,
 * in order, as the schema's owner, all in one transaction. A `.ts` file that exports `config = { transaction: false }`, for example to
 * build an index concurrently, runs by itself, those before and after it each in one transaction; a process that dies may have done any
 * part of such a file, which runs again from its beginning. Safe to call from several processes at once: one works, the
 * others wait and find nothing to do. Answers the names it ran. Throws if a table that has a tenant is not isolated.
 */
export async function migrate(options: MigrateOptions): Promise<{ readonly applied: string[] }> {
  const { admin, schema, timeoutMs = 600_000 } = options;
  const settings: SessionSettings = {
    applicationName: `migrate-${schema}`,
    schema,
    statementTimeoutMs: timeoutMs,
    connectTimeoutMs: 10_000,
  };
  const roles = rolesOf(options.serviceRole);
  const client = await connectClient(admin, settings).catch((error: unknown) => {
    throw classify(error);
  });
  try {
    await locked(client, 'driftbox.setup', timeoutMs, async () => {
      await ensureRoles(client, roles, { service: options.password, relay: options.relayPassword ?? options.password });
      await ensureSharedSchema(client);
      await ensureSchema(client, schema, roles);
    });
    return await locked(client, `driftbox.migrate.${schema}`, timeoutMs, async () => {
      const applied = await untilUnlocked(timeoutMs, () => runMigrations({ ...options, admin: client.address }, roles, settings));
      await grantRights(client, schema, roles);
      const unguarded = await unguardedTables(client, schema);
      if (unguarded.length > 0) throw new Error(`tables with a tenant but without ${sharedSchema}.isolate_tenant: ${unguarded.join(', ')}`);
      return { applied };
    });
  } catch (error) {
    throw classify(error);
  } finally {
    await client.end();
  }
}

const ignore = (): void => {};

/** How often it is looked whether the process that migrates has ended. */
const lookMs = 100;

/**
 * A session-level advisory lock: it ends with the connection, so a killed process never leaves it behind. It is asked for again and again
 * and not waited for in the server: a statement that waits has a snapshot, and an index that the holder builds concurrently would wait for
 * that one's end. Throws `DeadlineExceeded`.
 */
async function locked<T>(client: WritableClient, name: string, timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  const take = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine';
  while ((await client.query<{ mine: boolean }>(take, [name])).rows[0]?.mine !== true) {
    if (performance.now() > deadlineMs) throw new DeadlineExceeded(new Error(`another process holds ${name}`));
    await delay(lookMs);
  }
  try {
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
  }
}

/** How long a migration waits for a table that others use. Whoever comes after it waits behind it, so it gives way and comes again. */
const lockTimeoutMs = 3_000;

async function untilUnlocked<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(classify(error) instanceof Retryable) || performance.now() > deadlineMs) throw error;
    }
  }
}

async function runMigrations(options: MigrateOptions, roles: Roles, settings: SessionSettings): Promise<string[]> {
  const { schema } = options;
  const files = [...(await listMigrations(ownMigrations, 'driftbox-')), ...(await listMigrations(options.directory))];
  const config = clientConfig(options.admin, { ...settings, lockTimeoutMs });
  const knex = knexModule({
    client: 'pg',
    connection: { ...config, options: `${config.options} -c role=${roles.owner}` } as object,
    pool: { min: 0, max: 2 },
    // What knex would print is in the error that it throws.
    log: { error: ignore, warn: ignore, debug: ignore, deprecate: ignore },
    migrations: { tableName: 'migrations', schemaName: schema, disableTransactions: false },
  });
  try {
    // Knex's own lock is a row that outlives a killed process; ours does not, and is held here: whatever it says is stale.
    if (await knex.schema.withSchema(schema).hasTable('migrations_lock')) await knex.migrate.forceFreeMigrationsLock();
    const applied: string[] = [];
    for (const end of await endsOfBatches(files)) {
      // What is not in a batch's list may have been run before.
      const batch = { migrationSource: migrationSource(files.slice(0, end)), disableMigrationsListValidation: end < files.length };
      const [, names] = (await knex.migrate.latest(batch)) as [number, string[]];
      applied.push(...names);
    }
    return applied;
  } finally {
    await knex.destroy();
  }
}
