import type { Breach, Rule } from '../breach.ts';
import type { Manifest, Repository, Workspace } from '../repository.ts';
import type { SourceFile } from '../source-file.ts';
import { isOwn, packageName } from './package-name.ts';

/** What is imported is declared and the other way round; npm's hoisting would hide both mistakes. */
export const dependencies: Rule = {
  name: 'dependencies',
  check: (repository) => repository.workspaces.flatMap((workspace) => [...undeclared(repository, workspace), ...unused(workspace)]),
};

function undeclared(repository: Repository, workspace: Workspace): Breach[] {
  const own = new Set([workspace.manifest.name, ...names(workspace.manifest, 'dependencies', 'optionalDependencies')]);
  const forTests = new Set([...own, ...names(workspace.manifest, 'devDependencies'), ...names(repository.manifest, 'devDependencies')]);
  return workspace.files.flatMap((file) =>
    file.imports.flatMap(({ specifier, line, typeOnly }): Breach[] => {
      const name = packageName(specifier);
      const declared = needsNothingShipped(workspace, file) || typeOnly ? forTests : own;
      if (name === undefined || declared.has(name) || (file.isTest && isOwn(name))) return [];
      return [
        { path: file.path, line, message: `${name} is not declared; add it to ${workspace.folder}/package.json with an exact version` },
      ];
    }),
  );
}

/**
 * Tests may besides import every package of this repository: workspaces are always linked. Tests, test support and tools run in the
 * checkout, where development dependencies are installed.
 */
function needsNothingShipped(workspace: Workspace, file: SourceFile): boolean {
  return file.isTest || ['testbed', 'tools', 'packages/testkit'].includes(workspace.folder) || file.local.startsWith('bench/');
}

function unused(workspace: Workspace): Breach[] {
  const imported = new Set(workspace.files.flatMap((file) => file.imports.map(({ specifier }) => packageName(specifier))));
  return names(workspace.manifest, 'dependencies', 'devDependencies')
    .filter((name) => !imported.has(name) && !name.startsWith('@types/'))
    .map((name) => ({ path: `${workspace.folder}/package.json`, line: 1, message: `${name} is declared but never imported; remove it` }));
}

function names(manifest: Manifest, ...kinds: ('dependencies' | 'devDependencies' | 'optionalDependencies')[]): string[] {
  return kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
}
