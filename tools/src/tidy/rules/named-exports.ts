import type { Breach, Rule } from '../breach.ts';
import { allFiles } from '../repository.ts';

/** Files whose format is dictated by the tool that loads them. */
function isDictated(path: string): boolean {
  return /\.config\.[a-z]+$/.test(path) || path.startsWith('testbed/jest/');
}

/** Everything has one name, the same wherever it is imported. */
export const namedExports: Rule = {
  name: 'named-exports',
  check: (repository) =>
    allFiles(repository).flatMap(({ file }): Breach[] => {
      if (file.defaultExportLine === undefined || isDictated(file.path)) return [];
      return [{ path: file.path, line: file.defaultExportLine, message: 'export by name instead of by default' }];
    }),
};
