import path from 'node:path/posix';
import type { Breach, Rule } from '../breach.ts';
import { findWords } from '../find-words.ts';
import { allFiles } from '../repository.ts';
import type { ImportUse, SourceFile } from '../source-file.ts';

const rim = new Set(['src/app.ts', 'src/main.ts', 'src/index.ts', 'src/config.ts']);
const koa = new Set(['koa', '@koa/router']);

/** Inside a service `routes -> rules -> store`, and `app.ts` alone puts it together. */
export const serviceShape: Rule = {
  name: 'service-shape',
  check: (repository) =>
    allFiles(repository).flatMap(({ workspace, file }) => {
      if (!workspace.folder.startsWith('services/') || file.isTest || !file.local.startsWith('src/')) return [];
      const layer = layerOf(file.local);
      const breaches = file.imports.flatMap((use): Breach[] => {
        const message = forbidden(layer, file.local, use);
        return message === undefined ? [] : [{ path: file.path, line: use.line, message }];
      });
      return [...breaches, ...httpInStore(layer, file)];
    }),
};

type Layer = 'rim' | 'routes' | 'rules' | 'store';

function layerOf(local: string): Layer {
  if (rim.has(local)) return 'rim';
  if (local.startsWith('src/routes/')) return 'routes';
  return local.startsWith('src/store/') ? 'store' : 'rules';
}

function forbidden(layer: Layer, local: string, use: ImportUse): string | undefined {
  if (layer === 'rim') return undefined;
  const target = use.specifier.startsWith('.') ? path.join(path.dirname(local), use.specifier) : undefined;
  if (target === 'src/app.ts' || target === 'src/main.ts') return 'app.ts puts the service together: nothing below imports it';
  if (target === 'src/config.ts' && !use.typeOnly) return 'take the setting as an argument; only app.ts and main.ts read the configuration';
  if (layer === 'routes') return undefined;
  if (koa.has(use.specifier)) return `${layer} does not know Koa; do this in a route`;
  if (target?.startsWith('src/routes/') === true) return `${layer} does not know routes; the order is routes -> rules -> store`;
  return undefined;
}

function httpInStore(layer: Layer, file: SourceFile): Breach[] {
  if (layer !== 'store') return [];
  return findWords(file, /\bProblem\b/, () => 'store does not know HTTP: return the outcome as a value and let a rule or a route decide');
}
