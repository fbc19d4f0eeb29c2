import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Knex } from 'knex';

/** A numbered file of a migrations folder; `name` is what the database remembers. */
export type MigrationFile = { readonly name: string; readonly file: string };

const numbered = /^\d{4}-[a-z0-9-]+\.(sql|ts)$/;

/**
 * The migrations of a folder in order: `0001-name.sql`, or `.ts` exporting `up(knex)`. Other files (a README) are passed
 * over unless they look like a migration misnamed; two with one number throw, because their order would be chance.
 */
export async function listMigrations(directory: string | URL, prefix = ''): Promise<MigrationFile[]> {
  const folder = directory instanceof URL ? fileURLToPath(directory) : directory;
  const files = (await readdir(folder)).filter((file) => /\.(sql|ts)$/.test(file) && !file.endsWith('.test.ts')).sort();
  const seen = new Set<string>();
  for (const file of files) {
    if (!numbered.test(file)) throw new Error(`not a migration's name: ${file}`);
    const number = file.slice(0, 4);
    if (seen.has(number)) throw new Error(`two migrations numbered ${number} in ${folder}`);
    seen.add(number);
  }
  return files.map((file) => ({ name: prefix + file.replace(/\.(sql|ts)$/, ''), file: path.join(folder, file) }));
}

/** The package's own tables, present in every service's schema. */
export const ownMigrations = new URL('../migrations/', import.meta.url);

/** Knex's view of the files; there is no way back. */
export function migrationSource(files: readonly MigrationFile[]): Knex.MigrationSource<MigrationFile> {
  const down = (): never => {
    throw new Error('migrations only go forward');
  };
  return {
    getMigrations: () => Promise.resolve([...files]),
    getMigrationName: (migration) => migration.name,
    getMigration: async ({ file }) => {
      if (file.endsWith('.sql')) {
        const text = await readFile(file, 'utf8');
        return { up: (knex: Knex) => knex.raw(text.replaceAll('?', '\\?')), down };
      }
      const module = (await import(pathToFileURL(file).href)) as {
        up: (knex: Knex) => Promise<void>;
        config?: { transaction?: boolean };
      };
      return { ...module, down };
    },
  };
}
