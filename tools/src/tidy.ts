// `npm run tidy`: the house numbers, then every breach of a rule as `file:line  rule  what to do`.
import path from 'node:path';
import { parseCommandLine, runMain } from '@driftbox/command-line';
import { findBreaches } from './tidy/find-breaches.ts';
import { houseNumbers } from './tidy/house-numbers.ts';
import { readRepository } from './tidy/read-repository.ts';

const usage = `npm run tidy

Prints the house numbers, then every breach of a rule as FILE:LINE  RULE  what to do. Exits with 1 if there is one.`;

function main(args: readonly string[]): Promise<number> {
  parseCommandLine({ args });
  const repository = readRepository(path.resolve(import.meta.dirname, '../..'));
  const breaches = findBreaches(repository);
  for (const line of houseNumbers(repository)) console.log(line);
  for (const { path: file, line, rule, message } of breaches) console.log(`${file}:${line}  ${rule}  ${message}`);
  console.log(breaches.length === 0 ? 'tidy: no breach' : `tidy: ${breaches.length} breaches`);
  return Promise.resolve(breaches.length === 0 ? 0 : 1);
}

await runMain({ name: 'tidy', usage, main });
