// `npm run generate`: writes the documents that are made from code. With `--check` it writes nothing and fails where one is stale.
import fs from 'node:fs';
import path from 'node:path';
import { chartDocuments } from '@driftbox/charts';
import { parseCommandLine, runMain } from '@driftbox/command-line';
import { observabilityDocuments } from '@driftbox/observability';
import type { GeneratedDocument } from './generate/document.ts';
import { configurationDocument } from './generate/configuration-document.ts';
import { errorsDocument } from './generate/errors-document.ts';
import { metricsDocument } from './generate/metrics-document.ts';
import { openapiDocument } from './generate/openapi-document.ts';
import { resourceDocuments } from './generate/resource-documents.ts';
import { versionDocuments } from './generate/version-documents.ts';

const documents: readonly GeneratedDocument[] = [
  errorsDocument,
  openapiDocument,
  configurationDocument,
  metricsDocument,
  ...resourceDocuments,
  ...chartDocuments,
  ...observabilityDocuments,
  ...versionDocuments,
];

const root = path.resolve(import.meta.dirname, '../..');

const usage = `npm run generate [-- --check]

Writes the documents that are made from code.
  --check  writes nothing, and names those that are stale`;

async function main(args: readonly string[]): Promise<number> {
  const { check } = parseCommandLine({ args, options: { check: { type: 'boolean', default: false } } }).values;
  const stale: string[] = [];
  for (const { path: file, build } of documents) {
    const target = path.join(root, file);
    const text = await build();
    if (fs.existsSync(target) && fs.readFileSync(target, 'utf8') === text) continue;
    stale.push(file);
    if (check) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
  }
  if (stale.length > 0) console.log(`${check ? 'stale (npm run generate)' : 'written'}: ${stale.join(', ')}`);
  return check && stale.length > 0 ? 1 : 0;
}

await runMain({ name: 'generate', usage, main });
