import { chmod, chown, copyFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '@driftbox/postgres';
import type { PostgresServer } from '@driftbox/postgres-server';
import { makeCertificate, type Certificate } from './make-certificate.ts';

/**
 * Gives a PostgreSQL that runs in `folder` a certificate for `localhost` and no other name. It takes TLS a moment later, and where
 * its rules ask for a certificate it takes this one. Answers the certificate in files of the caller's.
 */
export async function secureServer({ connection }: Pick<PostgresServer, 'connection'>, folder: string): Promise<Certificate> {
  const data = path.join(folder, 'data');
  const { uid, gid } = await stat(data);
  const made = await makeCertificate(folder, 'DNS:localhost');
  for (const [from, name] of [
    [made.cert, 'server.crt'],
    [made.key, 'server.key'],
  ] as const) {
    const file = path.join(data, name);
    await copyFile(from, file);
    await chmod(file, 0o600);
    await chown(file, uid, gid);
  }
  const client = createClient(connection, { applicationName: 'secure', statementTimeoutMs: 10_000, connectTimeoutMs: 5_000 });
  await client.connect();
  try {
    for (const setting of ["ssl_ca_file = 'server.crt'", 'ssl = on']) await client.query(`ALTER SYSTEM SET ${setting}`);
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
  return made;
}
