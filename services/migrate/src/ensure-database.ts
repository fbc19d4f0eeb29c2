import assert from 'node:assert/strict';
import { createClient, type Connection } from '@driftbox/postgres';

const plainName = /^[a-z][a-z0-9_]{0,62}$/;
/** Somebody else made it between the question and the command (PostgreSQL manual, appendix A). */
const raced = new Set(['42P04', '23505']);

/** Makes a database if it is not there, with the order of names that all of them have. Throws where `admin` may not. */
export async function ensureDatabase(admin: Connection, name: string): Promise<void> {
  assert(plainName.test(name), `a database has lower-case letters, digits and _: ${name}`);
  const client = createClient(admin, { applicationName: 'migrate', statementTimeoutMs: 60_000, connectTimeoutMs: 10_000 });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
  } catch (error) {
    if (!raced.has(String(Object(error).code))) throw error;
  } finally {
    await client.end();
  }
}
