import type { Breach, Rule } from '../breach.ts';
import { findWords } from '../find-words.ts';
import { allFiles } from '../repository.ts';

/** No module mocks, no test left out for good, none that excludes the others. */
export const tests: Rule = {
  name: 'tests',
  check: (repository) =>
    allFiles(repository).flatMap(({ file }): Breach[] => [
      ...findWords(
        file,
        /\bjest\s*\.\s*(?:mock|doMock|unstable_mockModule)\b/,
        (found) => `${found}: pass a first-class implementation instead, one that passes the conformance suite`,
      ),
      ...(file.isTest
        ? findWords(file, /\b(?:test|describe|it)\s*\.\s*(?:only|skip|todo)\s*\(/, (found) => `${found}: run every test, or delete it`)
        : []),
    ]),
};
