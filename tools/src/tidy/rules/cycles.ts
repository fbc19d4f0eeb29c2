import type { Breach, Rule } from '../breach.ts';
import type { Repository } from '../repository.ts';
import { packageName } from './package-name.ts';

/** Packages form no cycle; tests aside, since the test kit is built on what it helps to test. */
export const cycles: Rule = {
  name: 'cycles',
  check: (repository) => {
    const graph = importGraph(repository);
    return repository.workspaces.flatMap((workspace): Breach[] => {
      const cycle = pathBack(graph, workspace.manifest.name);
      // Every member of a cycle finds it: it is reported once, at its first member by name.
      if (cycle === undefined || cycle.toSorted()[0] !== workspace.manifest.name) return [];
      const message = `${[...cycle, workspace.manifest.name].join(' -> ')} is a cycle; move what both need into a lower package`;
      return [{ path: `${workspace.folder}/package.json`, line: 1, message }];
    });
  },
};

function importGraph(repository: Repository): ReadonlyMap<string, ReadonlySet<string>> {
  const own = new Set(repository.workspaces.map(({ manifest }) => manifest.name));
  return new Map(
    repository.workspaces.map(({ manifest, files }) => {
      const sources = files.filter((file) => !file.isTest);
      const names = sources.flatMap((file) => file.imports.map(({ specifier }) => packageName(specifier) ?? ''));
      return [manifest.name, new Set(names.filter((name) => own.has(name) && name !== manifest.name))];
    }),
  );
}

/** The shortest way from `start` back to it, without the last step; breadth first, every package visited once. */
function pathBack(graph: ReadonlyMap<string, ReadonlySet<string>>, start: string): string[] | undefined {
  const seen = new Set<string>();
  const queue: string[][] = [[start]];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const next of graph.get(path.at(-1) ?? start) ?? []) {
      if (next === start) return path;
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push([...path, next]);
    }
  }
  return undefined;
}
