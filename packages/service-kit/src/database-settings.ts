import { defineConfig, type Loaded } from './config.ts';
import { readPem } from './read-pem.ts';

/** By what a process knows its database: a row that the table of whatever connects to one includes. */
export const databaseTrust = defineConfig({
  DRIFTBOX_DATABASE_AUTHORITY_FILE: {
    type: 'string',
    optional: true,
    description:
      'Authority in PEM that must have certified the database for its name, which is then spoken to by TLS whatever its URL says',
  },
});

/** What makes a connection known by that, whatever else is said of it. Throws `ConfigError` where the file cannot be read. */
export function readDatabaseTrust({ DRIFTBOX_DATABASE_AUTHORITY_FILE: file }: Loaded<typeof databaseTrust>['config']): {
  readonly ssl?: { readonly ca: readonly string[] };
} {
  return file === undefined ? {} : { ssl: { ca: [readPem('DRIFTBOX_DATABASE_AUTHORITY_FILE', file)] } };
}

/** How long a service's process waits for its database: rows that every service's own table includes. */
export const databaseSettings = defineConfig({
  ...databaseTrust,
  DRIFTBOX_DATABASE_ACQUIRE_TIMEOUT: {
    type: 'duration',
    default: '5s',
    min: 100,
    max: 60_000,
    description: 'How long a request waits for a database connection, also while a failover is under way',
  },
  DRIFTBOX_DATABASE_CONNECT_TIMEOUT: {
    type: 'duration',
    default: '2s',
    min: 100,
    max: 60_000,
    description: 'How long one database server may take to let a client in before the next is tried',
  },
  DRIFTBOX_DATABASE_STATEMENT_TIMEOUT: {
    type: 'duration',
    default: '10s',
    min: 100,
    max: 600_000,
    description: 'After which the database ends a statement',
  },
  DRIFTBOX_DATABASE_LOCK_TIMEOUT: {
    type: 'duration',
    default: '5s',
    min: 10,
    max: 600_000,
    description: 'How long a statement waits for a lock that another holds',
  },
  DRIFTBOX_DATABASE_TRANSACTION_TIMEOUT: {
    type: 'duration',
    default: '30s',
    min: 100,
    max: 600_000,
    description: 'After which a whole transaction is given up',
  },
});

/** Those settings as the limits of a pool, in milliseconds. */
export function databaseLimits(config: Loaded<typeof databaseSettings>['config']): {
  readonly acquireTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  readonly transactionTimeoutMs: number;
} {
  return {
    acquireTimeoutMs: config.DRIFTBOX_DATABASE_ACQUIRE_TIMEOUT,
    connectTimeoutMs: config.DRIFTBOX_DATABASE_CONNECT_TIMEOUT,
    statementTimeoutMs: config.DRIFTBOX_DATABASE_STATEMENT_TIMEOUT,
    lockTimeoutMs: config.DRIFTBOX_DATABASE_LOCK_TIMEOUT,
    transactionTimeoutMs: config.DRIFTBOX_DATABASE_TRANSACTION_TIMEOUT,
  };
}
