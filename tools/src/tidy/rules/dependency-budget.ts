import type { Rule } from '../breach.ts';
import { runtimeDependencies, type BudgetedWorkspace } from '../runtime-dependencies.ts';

/** How many outside packages a workspace may need at run time. */
export const dependencyBudget: Rule = {
  name: 'dependency-budget',
  check: (repository) =>
    runtimeDependencies(repository)
      .filter((workspace): workspace is BudgetedWorkspace => workspace.most !== undefined && workspace.count > workspace.most)
      .map(({ folder, count, most }) => ({
        path: `${folder}/package.json`,
        line: 1,
        message: `${count} outside packages at run time, at most ${most}; ask whether the newest earns its place`,
      })),
};
