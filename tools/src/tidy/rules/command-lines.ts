import type { Rule } from '../breach.ts';
import { findWords } from '../find-words.ts';
import { allFiles } from '../repository.ts';

/** Programs read their command lines in one way, so that whoever calls one wrongly is told alike. */
export const commandLines: Rule = {
  name: 'command-lines',
  check: (repository) =>
    allFiles(repository).flatMap(({ workspace, file }) =>
      workspace.folder === 'packages/command-line'
        ? []
        : findWords(file, /\bparseArgs\b/, () => 'take parseCommandLine of @driftbox/command-line: it says what was wrong in words'),
    ),
};
