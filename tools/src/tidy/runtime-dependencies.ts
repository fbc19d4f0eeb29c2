import type { Repository } from './repository.ts';
import { isOwn } from './rules/package-name.ts';

/** A workspace with the number of outside packages it declares for run time, and the most it may. */
export type DependencyCount = { readonly folder: string; readonly count: number; readonly most: number | undefined };

/** A workspace that has a limit. */
export type BudgetedWorkspace = DependencyCount & { readonly most: number };

/** Counts declared outside packages of every workspace, its own ones only. */
export function runtimeDependencies(repository: Repository): DependencyCount[] {
  return repository.workspaces.map(({ folder, manifest }) => ({
    folder,
    count: Object.keys(manifest.dependencies ?? {}).filter((name) => !isOwn(name)).length,
    most: limitOf(folder),
  }));
}

function limitOf(folder: string): number | undefined {
  if (['packages/domain', 'packages/sync-core', 'packages/chunking'].includes(folder)) return 0;
  if (folder.startsWith('services/') || folder === 'packages/service-kit') return 12;
  if (folder.startsWith('packages/') && folder !== 'packages/testkit') return 2;
  return undefined;
}
