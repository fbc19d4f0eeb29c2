import { connectClient, setOwnPassword, type Connection } from '@driftbox/postgres';

/** Gives whoever `connection` lets in, by either of its passwords, the one given. Throws where neither is taken. */
export async function replacePassword(connection: Connection, password: string): Promise<void> {
  const client = await connectClient(connection, { applicationName: 'migrate', statementTimeoutMs: 60_000, connectTimeoutMs: 10_000 });
  try {
    await setOwnPassword(client, password);
  } finally {
    await client.end();
  }
}
