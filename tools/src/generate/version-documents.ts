import fs from 'node:fs';
import path from 'node:path';
import type { GeneratedDocument } from './document.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const textOf = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

const samples = 'crds/samples';
const patterns: Readonly<Record<string, RegExp>> = {
  'charts/driftbox-backends/Chart.yaml': /(?<=^(?:version|appVersion): ).*$/gm,
  'charts/driftbox-cell/Chart.yaml': /(?<=^(?:version|appVersion): ).*$/gm,
  'charts/driftbox-operator/Chart.yaml': /(?<=^(?:version|appVersion): ).*$/gm,
  'package-lock.json': /(?<="name": "driftbox",\s+"version": ")[^"]+/g,
  ...Object.fromEntries(fs.readdirSync(path.join(root, samples)).map((name) => [`${samples}/${name}`, /(?<=^ {2}version: ).*$/gm])),
};

/** Files that name the version of DriftBox in passing: charts and Cells among the samples. It is said once, in the root's package.json. */
export const versionDocuments: readonly GeneratedDocument[] = Object.entries(patterns).map(([file, pattern]) => ({
  path: file,
  build: () => textOf(file).replaceAll(pattern, (JSON.parse(textOf('package.json')) as { readonly version: string }).version),
}));
