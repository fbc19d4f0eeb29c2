import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { projectFolder } from '../src/standalone-process.ts';

/** Steps that code of the version before does not survive. Such a file says in its first line which version was the last to need it. */
const contracting: readonly (readonly [string, RegExp])[] = [
  ['drops', /\b(DROP (?!INDEX\b|NOT NULL\b|DEFAULT\b|IDENTITY\b|EXPRESSION\b)\w+|DETACH PARTITION|TRUNCATE)\b/i],
  ['drops what filled a column', /\bDROP (DEFAULT|IDENTITY|EXPRESSION)\b/i],
  ['takes a right', /\bREVOKE (?!ALL ON FUNCTION \w+ FROM PUBLIC\b)/i],
  ['renames', /\b(RENAME|SET SCHEMA)\b/i],
  ['changes a type', /\bALTER( COLUMN)? \w+ (SET DATA )?TYPE\b/i],
  ['forbids null in a column that is there', /\bALTER( COLUMN)? \w+ SET NOT NULL\b/i],
  ['adds a column that must be given', /\bADD COLUMN \w+ (?![^,;]*\bDEFAULT\b)[^,;]*\bNOT NULL\b/i],
  ['adds a rule for rows that are there', /\bALTER TABLE[^;]*\bADD (CONSTRAINT|CHECK|UNIQUE|FOREIGN KEY)\b/i],
];
const permit = /^-- Contracts: nothing since \d+\.\d+\.\d+ /;

function contractionsOf(sql: string): string[] {
  if (permit.test(sql)) return [];
  const statements = sql.replaceAll(/--.*$/gm, '');
  const found = contracting.flatMap(([what, pattern]) => (pattern.test(statements) ? [what] : []));
  return restrictsOldTable(statements) ? [...found, 'makes rows that are there unique'] : found;
}

/** A unique index on a table that this file does not make: code of before may write what it refuses. */
function restrictsOldTable(statements: string): boolean {
  const namesIn = (pattern: RegExp): string[] => [...statements.matchAll(pattern)].map(([, name = '']) => name);
  const made = new Set(namesIn(/\bCREATE TABLE (?:IF NOT EXISTS )?(\w+)/gi));
  return namesIn(/\bCREATE UNIQUE INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?\w+ ON (?:ONLY )?(\w+)/gi).some((name) => !made.has(name));
}

test('no migration takes away what the version before it needs', async () => {
  const folders = (await readdir(path.join(projectFolder, 'services'))).map((service) => `services/${service}/migrations`);
  let seen = 0;
  for (const folder of [...folders, 'packages/postgres/migrations']) {
    const files = await readdir(path.join(projectFolder, folder)).catch(() => []);
    for (const file of files.filter((name) => name.endsWith('.sql'))) {
      seen += 1;
      const name = `${folder}/${file}`;
      expect([name, contractionsOf(await readFile(path.join(projectFolder, name), 'utf8'))]).toEqual([name, []]);
    }
  }
  expect(seen).toBeGreaterThan(8);
});

test.each([
  ['ALTER TABLE a DROP COLUMN b', ['drops']],
  ['ALTER TABLE a DROP b', ['drops']],
  ['ALTER TABLE a DROP CONSTRAINT b', ['drops']],
  ['DROP MATERIALIZED VIEW a', ['drops']],
  ['DROP POLICY a ON b', ['drops']],
  ['ALTER TABLE a DETACH PARTITION b', ['drops']],
  ['TRUNCATE a', ['drops']],
  ['ALTER TABLE a ALTER COLUMN b DROP DEFAULT', ['drops what filled a column']],
  ['ALTER TABLE a ALTER b DROP IDENTITY', ['drops what filled a column']],
  ['REVOKE INSERT ON a FROM b', ['takes a right']],
  ['CREATE UNIQUE INDEX a ON b (c)', ['makes rows that are there unique']],
  ['CREATE TABLE b (c text); CREATE UNIQUE INDEX a ON b (c)', []],
  ['DROP INDEX a; REVOKE ALL ON FUNCTION b FROM PUBLIC', []],
  ['ALTER TABLE a RENAME b TO c', ['renames']],
  ['ALTER TABLE a SET SCHEMA b', ['renames']],
  ['ALTER TABLE a ALTER COLUMN b TYPE text', ['changes a type']],
  ['ALTER TABLE a ALTER b SET NOT NULL', ['forbids null in a column that is there']],
  ['ALTER TABLE a ADD COLUMN b text NOT NULL, ADD COLUMN c text DEFAULT 1', ['adds a column that must be given']],
  ['ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0)', ['adds a rule for rows that are there']],
  ['ALTER TABLE a ADD COLUMN b text, ADD COLUMN c integer NOT NULL DEFAULT 0; -- DROP TABLE a', []],
  ['-- Contracts: nothing since 0.3.0 reads b.\nALTER TABLE a DROP COLUMN b', []],
])('%s', (sql, expected) => {
  expect(contractionsOf(sql)).toEqual(expected);
});
