import type { Breach, Rule } from '../breach.ts';
import { findWords } from '../find-words.ts';
import { allFiles } from '../repository.ts';
import type { SourceFile } from '../source-file.ts';

/** Packages without clock, randomness, waiting and input or output. */
const pure = new Set(['packages/domain', 'packages/sync-core']);
/** Assertions and hashing are functions of their arguments. */
const pureModules = new Set(['node:assert/strict', 'node:crypto']);
const impure = /\b(?:Date|performance|process|fetch|setTimeout|setInterval|setImmediate|queueMicrotask|Math\.random|random[A-Z]\w*)\b/;
const waiting = /\b(?:async|await|Promise)\b/;
const fileSystem = /^node:(?:fs|net|http|https|child_process|dgram|timers)(?:\/|$)/;

/** Decisions are functions of their arguments: `domain`, `sync-core`, and of `chunking` all but its `*-file.ts`. */
export const purePackages: Rule = {
  name: 'pure-packages',
  check: (repository) =>
    allFiles(repository).flatMap(({ workspace, file }) => {
      if (file.isTest || file.local.startsWith('bench/')) return [];
      if (pure.has(workspace.folder))
        return [...impureWords(file), ...words(file, waiting), ...imports(file, (name) => !isPureImport(name))];
      if (workspace.folder !== 'packages/chunking' || file.local.endsWith('-file.ts')) return [];
      return [...impureWords(file), ...imports(file, (name) => fileSystem.test(name))];
    }),
};

function isPureImport(specifier: string): boolean {
  return specifier.startsWith('.') || specifier.startsWith('@driftbox/') || pureModules.has(specifier);
}

function impureWords(file: SourceFile): Breach[] {
  return words(file, impure);
}

function words(file: SourceFile, pattern: RegExp): Breach[] {
  return findWords(file, pattern, (found) => `${found} in a pure package; take the value as an argument and let the caller do the rest`);
}

function imports(file: SourceFile, isForbidden: (specifier: string) => boolean): Breach[] {
  return file.imports
    .filter(({ specifier }) => isForbidden(specifier))
    .map(({ specifier, line }) => ({
      path: file.path,
      line,
      message: `${specifier} in a pure package; let the caller do input and output`,
    }));
}
