import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { projectFolder } from '../src/standalone-process.ts';

/** Steps that code of the version before does not survive. Such a file says in its first line which version was the last to need it. */
const contracting: readonly (readonly [string, RegExp])[] = [
  ['drops', /\bDROP (TABLE|COLUMN|VIEW|SCHEMA|FUNCTION|TYPE)\b/i],
  ['renames', /\bRENAME\b/i],
  ['changes a type', /\bALTER( COLUMN)? \w+ (SET DATA )?TYPE\b/i],
  ['forbids null in a column that is there', /\bALTER( COLUMN)? \w+ SET NOT NULL\b/i],
  ['adds a column that must be given', /\bADD COLUMN \w+ (?![^,;]*\bDEFAULT\b)[^,;]*\bNOT NULL\b/i],
  ['adds a rule for rows that are there', /\bALTER TABLE[^;]*\bADD (CONSTRAINT|CHECK|UNIQUE|FOREIGN KEY)\b/i],
];
const permit = /^-- Contracts: nothing since \d+\.\d+\.\d+ /;

function contractionsOf(sql: string): string[] {
  if (permit.test(sql)) return [];
  const statements = sql.replaceAll(/--.*$/gm, '');
  return contracting.flatMap(([what, pattern]) => (pattern.test(statements) ? [what] : []));
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
  ['ALTER TABLE a RENAME b TO c', ['renames']],
  ['ALTER TABLE a ALTER COLUMN b TYPE text', ['changes a type']],
  ['ALTER TABLE a ALTER b SET NOT NULL', ['forbids null in a column that is there']],
  ['ALTER TABLE a ADD COLUMN b text NOT NULL, ADD COLUMN c text DEFAULT 1', ['adds a column that must be given']],
  ['ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0)', ['adds a rule for rows that are there']],
  ['ALTER TABLE a ADD COLUMN b text, ADD COLUMN c integer NOT NULL DEFAULT 0; -- DROP TABLE a', []],
  ['-- Contracts: nothing since 0.3.0 reads b.\nALTER TABLE a DROP COLUMN b', []],
])('%s', (sql, expected) => {
  expect(contractionsOf(sql)).toEqual(expected);
});
