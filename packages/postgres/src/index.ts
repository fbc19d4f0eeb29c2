export { createDatabase, type Database, type DatabaseOptions } from './database.ts';
export { createClient, sharedSchema, type Connection, type SessionSettings } from './connection.ts';
export { DatabaseUnavailable, DeadlineExceeded, Retryable, uniqueViolation } from './errors.ts';
export { statement, type Result, type SqlValue, type Statement } from './statement.ts';
export type { Transaction, TransactionOptions } from './transaction.ts';
export { migrate, type MigrateOptions } from './migrate.ts';
export { relayRole } from './provision.ts';
