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

type MigrationModule = { readonly up: (knex: Knex) => Promise<void>; readonly config?: { readonly transaction?: boolean } };

async function moduleOf(file: string): Promise<MigrationModule> {
  return (await import(pathToFileURL(file).href)) as MigrationModule;
}

/**
 * Where files that run together end, as numbers of files: those in one transaction, and each that takes none. Knex notes a file as run
 * in the transaction of a batch only where all of the batch are in it; otherwise a process could die between a file's commit and the note.
 */
export async function endsOfBatches(files: readonly MigrationFile[]): Promise<number[]> {
  const ends = new Set<number>();
  for (const [index, { file }] of files.entries()) {
    if (file.endsWith('.sql') || (await moduleOf(file)).config?.transaction !== false) continue;
    if (index > 0) ends.add(index);
    ends.add(index + 1);
  }
  return [...ends.add(files.length)];
}

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
      return { ...(await moduleOf(file)), down };
    },
  };
}
