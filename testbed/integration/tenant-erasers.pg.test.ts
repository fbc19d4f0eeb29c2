import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { tenantErasers } from '@driftbox/protocol';
import { createTestDatabase, tenantTables } from '@driftbox/testkit';
import { expect, test } from '@jest/globals';

const services = path.join(import.meta.dirname, '../../services');

test('every service with tables of tenants, and no other, has a route that erases one', async () => {
  const folders = await readdir(services, { withFileTypes: true });
  const withTables: string[] = [];
  for (const { name } of folders.filter((entry) => entry.isDirectory())) {
    const migrations = path.join(services, name, 'migrations');
    if (!(await readdir(migrations).catch(() => [])).some((file) => /^\d{4}-/.test(file))) continue;
    const db = await createTestDatabase({ service: name, migrations });
    // Outbox, idempotency keys and restores are in every schema, used or not.
    const own = (await tenantTables(db, name)).filter((table) => !['outbox', 'idempotency_keys', 'restores'].includes(table));
    if (own.length > 0) withTables.push(name);
    await db.drop();
  }
  expect(withTables.length).toBeGreaterThanOrEqual(4);
  expect(tenantErasers.map(({ service }) => service as string).sort()).toEqual(withTables.sort());
});
