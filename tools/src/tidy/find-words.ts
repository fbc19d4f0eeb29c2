import type { Breach } from './breach.ts';
import { lineAt, type SourceFile } from './source-file.ts';

/** One breach per place where the pattern occurs in code (not in comments or strings). */
export function findWords(file: SourceFile, pattern: RegExp, describe: (found: string) => string): Breach[] {
  return [...file.code.matchAll(new RegExp(pattern, 'g'))].map((match) => ({
    path: file.path,
    line: lineAt(file.text, match.index + 1),
    message: describe(match[0]),
  }));
}
