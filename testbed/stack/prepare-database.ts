import { randomBytes } from 'node:crypto';
import { migrations as authMigrations } from '@driftbox/auth';
import { migrations as metadataMigrations } from '@driftbox/metadata';
import { migrations as notificationMigrations } from '@driftbox/notification';
import { createClient, migrate, relayRole } from '@driftbox/postgres';
import type { PostgresServer } from '@driftbox/postgres-server';
import { migrations as shareMigrations } from '@driftbox/share';
import { migrations as syncMigrations } from '@driftbox/sync';
import { uploadMigrations } from '@driftbox/upload';

/** Connection strings by role; each names every server, for the one that takes writes is found by asking. */
export type ConnectionStrings = (role: string) => string;

const databaseName = 'driftbox';
const schemas = {
  auth: authMigrations,
  metadata: metadataMigrations,
  notification: notificationMigrations,
  share: shareMigrations,
  sync: syncMigrations,
  upload: uploadMigrations,
};

/** Makes the database with each service's schema and roles, as an administrator does once. `ports` are those of 127.0.0.1. */
export async function prepareDatabase(admin: PostgresServer['connection'], ports: readonly number[]): Promise<ConnectionStrings> {
  const client = createClient(admin, { applicationName: 'stack', statementTimeoutMs: 60_000, connectTimeoutMs: 10_000 });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${databaseName} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`);
  } finally {
    await client.end();
  }
  const passwords = new Map<string, string>();
  for (const [schema, directory] of Object.entries(schemas)) {
    const [password, relayPassword] = [newPassword(), newPassword()];
    await migrate({ admin: { ...admin, database: databaseName }, schema, serviceRole: schema, directory, password, relayPassword });
    passwords.set(schema, password).set(relayRole(schema), relayPassword);
  }
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
  return (role) => `postgresql://${role}:${passwords.get(role)}@${hosts}/${databaseName}`;
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
