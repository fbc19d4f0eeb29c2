import type pg from 'pg';
import { typeParsers } from './parse-types.ts';

/**
 * Where a database is and who connects. `host` may be the folder of a Unix socket. Several servers, `host1:5432,host2` here
 * or in a connection string, are a primary and its standbys in any order: whichever takes writes is used. With TLS (`ssl`, or
 * `sslmode=verify-full` in the string, with `sslrootcert`, `sslcert` and `sslkey` as libpq has them) a server must prove its name.
 */
export type Connection = {
  readonly connectionString?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Tried where a server does not take the other one: while a role's password is replaced, either may be its own. */
  readonly otherPassword?: string | undefined;
  readonly ssl?: boolean | ServerTrust | undefined;
};

/** Who vouches for a server, and who one is to a server that asks; all in PEM. Its name is checked in any case. */
export type ServerTrust = {
  readonly ca?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

/** Settings of a session; all durations in milliseconds. */
export type SessionSettings = {
  readonly applicationName: string;
  /** First in the session's search path, before the shared schema of extensions. */
  readonly schema?: string | undefined;
  readonly statementTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** For each lock of a row or table. Default: as long as the statement. */
  readonly lockTimeoutMs?: number | undefined;
  /** After which the server ends a transaction and its connection, whether or not the client still lives. Default: never. */
  readonly transactionTimeoutMs?: number | undefined;
  /** Plan for tables however young: joins by index, no matter what statistics say. Default false. */
  readonly byIndex?: boolean | undefined;
};

/**
 * A service's statements each have their index, and their prepared plans outlive the table's size when they were made: a
 * plan made over an empty table would go on reading it whole. So its sessions do not have that choice (ADR 0020).
 */
const indexPlans = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'].map((setting) => ` -c ${setting}=off`).join('');

/** The schema, shared by all services of a database, that holds extensions and DriftBox's own SQL functions. */
export const sharedSchema = 'driftbox';

/** The options of a pg client of one server. The session ends its own statements, and notices within 2 s that its client is gone. */
export function clientConfig(connection: Connection, settings: SessionSettings): pg.ClientConfig {
  const { ssl, ...address } = connection;
  const plans = settings.byIndex === true ? indexPlans : '';
  const longest = settings.transactionTimeoutMs === undefined ? '' : ` -c transaction_timeout=${settings.transactionTimeoutMs}`;
  const path = settings.schema === undefined ? sharedSchema : `${settings.schema},${sharedSchema}`;
  return {
    ...Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined)),
    ...(ssl === undefined ? {} : { ssl: typeof ssl === 'boolean' ? ssl : trustOf(ssl) }),
    application_name: settings.applicationName,
    statement_timeout: settings.statementTimeoutMs,
    ...(settings.lockTimeoutMs === undefined ? {} : { lock_timeout: settings.lockTimeoutMs }),
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    options: `-c search_path=${path} -c client_connection_check_interval=2000 -c timezone=UTC${longest}${plans}`,
    types: typeParsers,
  };
}

/** As Node takes it, which wants no field that is there without a value. */
function trustOf({ ca, cert, key }: ServerTrust): { readonly ca?: string[]; readonly cert?: string; readonly key?: string } {
  return { ...(ca === undefined ? {} : { ca: [...ca] }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
}
