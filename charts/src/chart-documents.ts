import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { describeValues } from './describe-values.ts';
import { backendsValues } from './values/backends-values.ts';
import { cellValues } from './values/cell-values.ts';
import { operatorValues } from './values/operator-values.ts';

/** A file of a chart that is made from the schema of its values; `path` is relative to the root of the project. */
export type ChartDocument = { readonly path: string; readonly build: () => string };

const charts: readonly (readonly [name: string, values: z.ZodType])[] = [
  ['driftbox-backends', backendsValues],
  ['driftbox-cell', cellValues],
  ['driftbox-operator', operatorValues],
];

const begin = '<!-- values: written by `npm run generate` -->';
const end = '<!-- end of values -->';

/** Of each chart: values.schema.json, by which Helm refuses what is wrong, and the table of values in its README. */
export const chartDocuments: readonly ChartDocument[] = charts.flatMap(([name, values]) => {
  const schema = z.toJSONSchema(values, { target: 'draft-7', io: 'input' });
  const folder = path.join(import.meta.dirname, '..', name);
  return [
    { path: `charts/${name}/values.schema.json`, build: () => `${JSON.stringify(schema, undefined, 2)}\n` },
    {
      path: `charts/${name}/README.md`,
      build: () => {
        const text = readFileSync(path.join(folder, 'README.md'), 'utf8');
        const [before, after] = [text.indexOf(begin), text.indexOf(end)];
        if (before < 0 || after < before) throw new Error(`charts/${name}/README.md has no place for its values: ${begin} … ${end}`);
        const defaults = parse(readFileSync(path.join(folder, 'values.yaml'), 'utf8')) as unknown;
        return `${text.slice(0, before)}${begin}\n${describeValues(schema, defaults)}${text.slice(after)}`;
      },
    },
  ];
});
