import path from 'node:path/posix';
import type { Breach, Rule } from '../breach.ts';
import { allFiles, type Workspace } from '../repository.ts';
import { isOwn, packageName } from './package-name.ts';

const allowedDoors = new Set(['.', './conformance']);

/** One door per package: declared, used, and never gone around. */
export const doors: Rule = {
  name: 'doors',
  check: (repository) => {
    const byName = new Map(repository.workspaces.map((workspace) => [workspace.manifest.name, workspace]));
    const imports = allFiles(repository).flatMap(({ workspace, file }) =>
      file.imports.flatMap(({ specifier, line }): Breach[] => {
        const message = leavesWorkspace(specifier, file.local) ?? goesAround(specifier, byName);
        return message === undefined ? [] : [{ path: file.path, line, message: `${message} (imported by ${workspace.folder})` }];
      }),
    );
    return [...repository.workspaces.flatMap(checkManifest), ...imports];
  },
};

function checkManifest(workspace: Workspace): Breach[] {
  const doorsOfPackage = Object.entries(workspace.manifest.exports ?? {});
  return doorsOfPackage.flatMap(([door, file]): Breach[] => {
    const expected = door === '.' ? './src/index.ts' : undefined;
    if (allowedDoors.has(door) && (expected ?? file) === file) return [];
    const message = `exports "${door}": "${file}": a package has the door "." at ./src/index.ts, and "./conformance" where a suite exists`;
    return [{ path: `${workspace.folder}/package.json`, line: 1, message }];
  });
}

function leavesWorkspace(specifier: string, local: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const target = path.join(path.dirname(local), specifier);
  return target.startsWith('..') ? `${specifier} leaves the workspace; import the package by its name` : undefined;
}

function goesAround(specifier: string, byName: ReadonlyMap<string, Workspace>): string | undefined {
  const name = packageName(specifier);
  if (name === undefined || !isOwn(name)) return undefined;
  const target = byName.get(name);
  if (target === undefined) return `${name} does not exist`;
  const door = specifier === name ? '.' : `.${specifier.slice(name.length)}`;
  if (target.manifest.exports?.[door] !== undefined) return undefined;
  return `${specifier} goes around the door of ${name}; export what you need from its src/index.ts`;
}
