import assert from 'node:assert/strict';
import { migrate, relayRole, type Connection } from '@driftbox/postgres';
import { ensureDatabase } from './ensure-database.ts';
import type { Login } from './login.ts';

/** A service's schema: where its migrations are, and who logs in to use it. */
export type Schema = {
  readonly name: string;
  /** The folder with its migrations. */
  readonly directory: URL;
  readonly login: Login;
  /** Who relays its events, where it has any. */
  readonly relay?: Login | undefined;
};

/** Makes the database and brings every schema up to date. Tells which migrations ran, service by service. */
export async function migrateCell(
  admin: (database?: string) => Connection,
  schemas: readonly Schema[],
  onMigrated: (schema: string, applied: readonly string[]) => void,
): Promise<void> {
  for (const { name, directory, login, relay } of schemas) {
    assert(relay === undefined || relay.role === relayRole(login.role), `the relay of ${login.role} is called ${relayRole(login.role)}`);
    await ensureDatabase(admin(), login.database);
    const { applied } = await migrate({
      admin: admin(login.database),
      schema: name,
      serviceRole: login.role,
      directory,
      password: login.password,
      relayPassword: relay?.password,
    });
    onMigrated(name, applied);
  }
}
