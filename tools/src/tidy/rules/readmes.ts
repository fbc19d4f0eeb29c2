import type { Rule } from '../breach.ts';

/** Each workspace says what it is, what it owns and what it must never do. */
export const readmes: Rule = {
  name: 'readmes',
  check: (repository) =>
    repository.workspaces
      .filter((workspace) => !workspace.hasReadme)
      .map(({ folder }) => ({ path: `${folder}/README.md`, line: 1, message: 'write what it is, what it owns and what it must never do' })),
};
