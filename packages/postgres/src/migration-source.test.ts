import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { temporaryFolder } from '@driftbox/testkit';
import { listMigrations, migrationSource, ownMigrations } from './migration-source.ts';

test("a folder's migrations are in the order of their numbers, given as path or URL", async () => {
  await using folder = await temporaryFolder();
  for (const name of ['0010-ten.sql', '0002-two.ts', '0002-two.test.ts', 'README.md', '0001-one.sql'])
    await writeFile(`${folder.path}/${name}`, '');
  const names = (await listMigrations(folder.path)).map((migration) => migration.name);
  expect(names).toEqual(['0001-one', '0002-two', '0010-ten']);
  expect((await listMigrations(pathToFileURL(folder.path))).map((migration) => migration.name)).toEqual(names);
});

test.each(['1-short.sql', '0001_underscore.sql', '0001-Upper.sql', 'drop-everything.sql'])(
  '%s is refused, not passed over',
  async (name) => {
    await using folder = await temporaryFolder();
    await writeFile(`${folder.path}/${name}`, '');
    await expect(listMigrations(folder.path)).rejects.toThrow(name);
  },
);

test('one number twice is refused', async () => {
  await using folder = await temporaryFolder();
  for (const name of ['0001-a.sql', '0001-b.ts']) await writeFile(`${folder.path}/${name}`, '');
  await expect(listMigrations(folder.path)).rejects.toThrow('0001');
});

test('there is no way back', async () => {
  const files = await listMigrations(ownMigrations, 'driftbox-');
  expect(files.map((file) => file.name)).toEqual([
    'driftbox-0001-outbox',
    'driftbox-0002-idempotency-keys',
    'driftbox-0003-erased-tenants',
    'driftbox-0004-outbox-trace',
    'driftbox-0005-restores',
  ]);
  for (const file of files) {
    const migration = await migrationSource(files).getMigration(file);
    expect(() => migration.down?.({} as never)).toThrow('forward');
  }
});

test('a question mark in SQL is a question mark, not a place for a value', async () => {
  await using folder = await temporaryFolder();
  await writeFile(`${folder.path}/0001-json.sql`, "SELECT '{}'::jsonb ? 'a'");
  const files = await listMigrations(folder.path);
  const raw: string[] = [];
  for (const file of files)
    await (await migrationSource(files).getMigration(file)).up({ raw: (text: string) => Promise.resolve(raw.push(text)) } as never);
  expect(raw).toEqual(["SELECT '{}'::jsonb \\? 'a'"]);
});
