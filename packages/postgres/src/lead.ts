import type { Database } from './database.ts';
import { statement } from './statement.ts';
import { createClient } from './writable-client.ts';

/** The right to do what one process at a time does, until it is given back or its connection is lost. */
export type Lead = {
  /** Aborted when the connection is lost: then another may lead already. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
};

const tryLock = statement({ name: 'postgres.try-lead', text: 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held' });

/**
 * Leads under this name, if nobody else of the schema does: an advisory lock of a connection of its own, which the server lets
 * go of when this process ends, in whatever way. What is done under it must be harmless when two do it for a moment: a lock
 * cannot be taken back from a process that is frozen.
 */
export async function tryLead(database: Database, name: string): Promise<Lead | undefined> {
  const lost = new AbortController();
  const client = createClient(database.connection, {
    applicationName: `lead-${name}`,
    statementTimeoutMs: 10_000,
    connectTimeoutMs: 5_000,
  });
  client.on('error', (error) => lost.abort(error));
  client.on('end', () => lost.abort());
  const release = async (): Promise<void> => {
    await client.end().catch(() => {});
  };
  try {
    await client.connect();
    const { rows } = await client.query<{ held: boolean }>({ ...tryLock, values: [`${database.schema ?? ''} ${name}`] });
    if (rows[0]?.held === true) return { signal: lost.signal, release };
  } catch (error) {
    await release();
    throw error;
  }
  await release();
  return undefined;
}
