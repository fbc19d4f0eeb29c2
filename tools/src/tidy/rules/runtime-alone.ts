import path from 'node:path/posix';
import type { Breach, Rule } from '../breach.ts';
import { allFiles } from '../repository.ts';
import { packageName } from './package-name.ts';

const workspaceFolder = 'operator';
const runtime = 'src/runtime/';
const libraries = new Set(['@kubernetes/client-node', 'prom-client']);

/** The operator's controller runtime could stand alone: it knows neither DriftBox nor the controllers that run on it. */
export const runtimeAlone: Rule = {
  name: 'runtime-alone',
  check: (repository) =>
    allFiles(repository).flatMap(({ workspace, file }) => {
      if (workspace.folder !== workspaceFolder || !file.local.startsWith(runtime) || file.isTest) return [];
      return file.imports.flatMap(({ specifier, line }): Breach[] => {
        const name = packageName(specifier);
        const isInside = name === undefined ? staysInside(file.local, specifier) : libraries.has(name);
        return isInside ? [] : [{ path: file.path, line, message: `the runtime stands alone: hand ${specifier} in from outside` }];
      });
    }),
};

function staysInside(local: string, specifier: string): boolean {
  return !specifier.startsWith('.') || path.join(path.dirname(local), specifier).startsWith(runtime);
}
