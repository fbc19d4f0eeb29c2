import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectDatabase } from './standalone-database.ts';

/** What a standalone server's PostgreSQL is asked, by the name of the statement. */
export type StatementLog = {
  /** How often each was executed since the last call. */
  take(): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
};

/** Makes PostgreSQL write down every statement. It costs: for counting, not for timing. */
export async function openStatementLog(dataFolder: string): Promise<StatementLog> {
  const folder = path.join(dataFolder, 'postgres');
  const client = await connectDatabase(dataFolder);
  await client.query(`ALTER SYSTEM SET log_statement = 'all'`);
  await client.query(`ALTER SYSTEM SET log_line_prefix = '%a|'`);
  await client.query('SELECT pg_reload_conf()');
  const read = (): Promise<string> => readFile(path.join(folder, 'server.log'), 'utf8');
  let from = (await read()).length;
  return {
    take: async () => {
      const text = await read();
      const counts = new Map<string, number>();
      // Statements without a name begin and end transactions.
      for (const [, name] of text.slice(from).matchAll(/\|LOG: {2}execute ([\w.-]+):/g)) counts.set(name!, (counts.get(name!) ?? 0) + 1);
      from = text.length;
      return counts;
    },
    close: async () => {
      await client.query('ALTER SYSTEM RESET ALL');
      await client.query('SELECT pg_reload_conf()');
      await client.end();
    },
  };
}
