import assert from 'node:assert/strict';
import pg from 'pg';
import { sharedSchema } from './connection.ts';
import { scramVerifier } from './scram-verifier.ts';

/** The roles of one service: `owner` owns its tables and cannot log in; `service` uses them; `relay` sees only its outbox. */
export type Roles = { readonly owner: string; readonly service: string; readonly relay: string };

const plainName = /^[a-z][a-z0-9_]{0,50}$/;

/** The role that relays a service's outbox; it may read and delete there, whatever the tenant, and do nothing else. */
export function relayRole(serviceRole: string): string {
  return `${serviceRole}_relay`;
}

/** All roles of a service, from the name of the one it works as. Names are lower case, digits and `_`, at most 51 long. */
export function rolesOf(serviceRole: string): Roles {
  assert(plainName.test(serviceRole), `a role name: ${serviceRole}`);
  return { owner: `${serviceRole}_owner`, service: serviceRole, relay: relayRole(serviceRole) };
}

const raced = new Set(['23505', '42710', '42P06', 'XX000', '40001']);

/** Roles are shared by all databases of a server, so two set-ups may meet; the loser finds its work done. */
async function untilUncontended(run: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await run();
      return;
    } catch (error) {
      if (attempt === 10 || !(error instanceof pg.DatabaseError) || !raced.has(error.code ?? '')) throw error;
    }
  }
}

async function ensureRole(client: pg.Client, name: string, login: boolean): Promise<void> {
  await untilUncontended(async () => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE ROLE ${name} ${login ? 'LOGIN' : 'NOLOGIN'} NOINHERIT`);
  });
}

async function setPassword(client: pg.Client, role: string, password: string | undefined): Promise<void> {
  if (password === undefined) return;
  const verifier = client.escapeLiteral(scramVerifier(password));
  await untilUncontended(() => client.query(`ALTER ROLE ${role} PASSWORD ${verifier}`));
}

/** Gives whoever logs in this password. */
export async function setOwnPassword(client: pg.Client, password: string): Promise<void> {
  await setPassword(client, 'CURRENT_USER', password);
}

/** Creates the roles that are missing and sets the passwords given. An admin who is no superuser becomes a member of the owner. */
export async function ensureRoles(
  client: pg.Client,
  roles: Roles,
  passwords: { service: string | undefined; relay: string | undefined },
): Promise<void> {
  await ensureRole(client, roles.owner, false);
  await ensureRole(client, roles.service, true);
  await ensureRole(client, roles.relay, true);
  // What the relay writes may be lost in a crash of the server: an event published twice is all that follows.
  await untilUncontended(() => client.query(`ALTER ROLE ${roles.relay} SET synchronous_commit = off`));
  await setPassword(client, roles.service, passwords.service);
  await setPassword(client, roles.relay, passwords.relay);
  const { rows } = await client.query<{ member: boolean }>(`SELECT pg_has_role(current_user, $1, 'SET') AS member`, [roles.owner]);
  if (rows[0]?.member !== true)
    await untilUncontended(() => client.query(`GRANT ${roles.owner} TO CURRENT_USER WITH SET TRUE, INHERIT TRUE`));
}

/** What every service of a database shares: extensions and the function that puts a table under row-level security. */
export async function ensureSharedSchema(client: pg.Client): Promise<void> {
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${sharedSchema}`);
  for (const extension of ['pg_trgm', 'unaccent', 'citext']) {
    await client.query(`CREATE EXTENSION IF NOT EXISTS ${extension} SCHEMA ${sharedSchema}`);
  }
  await client.query(isolateTenantFunction);
  await client.query(partitionByTenantFunction);
  await client.query(`GRANT USAGE ON SCHEMA ${sharedSchema} TO PUBLIC`);
}

/** More of them would be locked with every statement whose plan is kept; fewer would each be as large as a table is now. */
const partitions = 8;

/** Partitions get the policy too: a statement that names one directly must not find a way around it. */
const isolateTenantFunction = `
CREATE OR REPLACE FUNCTION ${sharedSchema}.isolate_tenant(root regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  part regclass;
  own constant text := 'tenant = nullif(current_setting(''driftbox.tenant'', true), '''')::uuid';
BEGIN
  FOR part IN SELECT relid FROM pg_partition_tree(root) UNION SELECT root LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', part);
    EXECUTE format('DROP POLICY IF EXISTS own_tenant ON %s', part);
    EXECUTE format('CREATE POLICY own_tenant ON %s USING (%s) WITH CHECK (%s)', part, own, own);
  END LOOP;
END $$`;

/** Makes the partitions of a table that is partitioned by the hash of its tenant. */
const partitionByTenantFunction = `
CREATE OR REPLACE FUNCTION ${sharedSchema}.partition_by_tenant(root regclass, storage text DEFAULT 'fillfactor = 100')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR part IN 0..${partitions - 1} LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %s FOR VALUES WITH (MODULUS ${partitions}, REMAINDER %s) WITH (%s)',
      root::text || '_' || part, root, part, storage);
  END LOOP;
END $$`;

/** The service's schema, owned by the owner role and used by the other two. */
export async function ensureSchema(client: pg.Client, schema: string, roles: Roles): Promise<void> {
  assert(plainName.test(schema), `a schema name: ${schema}`);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema} AUTHORIZATION ${roles.owner}`);
  await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${roles.service}, ${roles.relay}`);
}

/** Rights on everything in the schema as it is now. The outbox is for the service to write and for the relay to empty. */
export async function grantRights(client: pg.Client, schema: string, roles: Roles): Promise<void> {
  await client.query(`
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${roles.service};
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO ${roles.service};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${roles.service};
    REVOKE ALL ON ${schema}.migrations, ${schema}.migrations_lock, ${schema}.outbox_lease, ${schema}.outbox FROM ${roles.service};
    GRANT INSERT ON ${schema}.outbox TO ${roles.service};
    GRANT SELECT, DELETE ON ${schema}.outbox, ${schema}.idempotency_keys TO ${roles.relay};
    GRANT SELECT, INSERT, UPDATE ON ${schema}.outbox_lease TO ${roles.relay};
    DROP POLICY IF EXISTS relay ON ${schema}.outbox;
    CREATE POLICY relay ON ${schema}.outbox TO ${roles.relay} USING (true);
    DROP POLICY IF EXISTS relay ON ${schema}.idempotency_keys;
    CREATE POLICY relay ON ${schema}.idempotency_keys TO ${roles.relay} USING (created_at < now() - interval '24 hours');`);
}

/** Tables with a column `tenant` that row-level security does not guard. Must be empty. */
export async function unguardedTables(client: pg.Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ relname: string }>(
    `SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
     WHERE c.relnamespace = $1::regnamespace AND c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity) ORDER BY 1`,
    [schema],
  );
  return rows.map((row) => row.relname);
}
