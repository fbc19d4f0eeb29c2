import { isOwn } from './tidy/rules/package-name.ts';
import type { Manifest, Repository } from './tidy/repository.ts';

/** Outside packages that any package.json declares, sorted. */
export function declaredPackages(repository: Repository): string[] {
  const manifests: Manifest[] = [repository.manifest, ...repository.workspaces.map(({ manifest }) => manifest)];
  const names = manifests.flatMap(({ dependencies, devDependencies, optionalDependencies }) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }),
  );
  return [...new Set(names)].filter((name) => !isOwn(name)).sort();
}

/** Packages that the page gives a reason for: table rows of the form ``| `name` | used by | reason |``, sorted. */
export function explainedPackages(page: string): string[] {
  return [...page.matchAll(/^\| `([^`]+)` \|[^|\n]+\|([^|\n]*)\|$/gm)]
    .filter(([, , reason]) => reason?.trim() !== '')
    .map(([, name]) => name ?? '')
    .sort();
}

/** Versions that are not exact, as `name version`. */
export function looseVersions(repository: Repository): string[] {
  return [repository.manifest, ...repository.workspaces.map(({ manifest }) => manifest)]
    .flatMap((manifest) => Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }))
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}`);
}
