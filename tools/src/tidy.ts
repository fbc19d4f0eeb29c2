// `npm run tidy`: the house numbers, then every breach of a rule as `file:line  rule  what to do`.
import path from 'node:path';
import { findBreaches } from './tidy/find-breaches.ts';
import { houseNumbers } from './tidy/house-numbers.ts';
import { readRepository } from './tidy/read-repository.ts';

const repository = readRepository(path.resolve(import.meta.dirname, '../..'));
const breaches = findBreaches(repository);
for (const line of houseNumbers(repository)) console.log(line);
for (const { path: file, line, rule, message } of breaches) console.log(`${file}:${line}  ${rule}  ${message}`);
console.log(breaches.length === 0 ? 'tidy: no breach' : `tidy: ${breaches.length} breaches`);
process.exitCode = breaches.length === 0 ? 0 : 1;
