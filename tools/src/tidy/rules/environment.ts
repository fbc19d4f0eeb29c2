import type { Rule } from '../breach.ts';
import { findWords } from '../find-words.ts';
import { allFiles } from '../repository.ts';

const readers = new Set(['config.ts', 'main.ts']);
const exempt = new Set(['tools', 'testbed', 'packages/testkit']);

/**
 * Only `config.ts` and `main.ts` read the environment, so that every setting has one place, a type and a description.
 * Passing it, or `PATH`, on to a child (`...process.env`) reads nothing.
 */
export const environment: Rule = {
  name: 'environment',
  check: (repository) =>
    allFiles(repository).flatMap(({ workspace, file }) => {
      if (file.isTest || exempt.has(workspace.folder) || readers.has(file.local.split('/').at(-1) ?? '')) return [];
      return findWords(
        file,
        /(?<!\.\.\.|PATH: )\bprocess\s*\.\s*env\b/,
        () => 'read the environment in config.ts and pass the value as an argument',
      );
    }),
};
