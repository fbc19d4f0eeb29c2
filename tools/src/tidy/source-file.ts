/** One import, re-export or literal dynamic import. */
export type ImportUse = { readonly specifier: string; readonly line: number; readonly typeOnly: boolean };

/** A function's place and length, signature included. */
export type FunctionUse = {
  readonly line: number;
  readonly lines: number;
  /** True where it only groups tests, so that its length says nothing. */
  readonly groupsTests: boolean;
};

/** A parsed source file; offsets of `code` equal those of `text`. */
export type SourceFile = {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** Relative to its workspace. */
  readonly local: string;
  /** A test, a conformance suite, or what tests of one workspace share (`src/testing/`). */
  readonly isTest: boolean;
  readonly text: string;
  /** The text with comments and the insides of strings blanked, for rules that look for words. */
  readonly code: string;
  readonly imports: readonly ImportUse[];
  readonly functions: readonly FunctionUse[];
  readonly defaultExportLine: number | undefined;
  /** True where nothing but types is declared: a contract. */
  readonly onlyTypes: boolean;
  readonly commentLines: number;
  readonly codeLines: number;
};

/** The 1-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Number of lines of a file, whether or not it ends in a newline. */
export function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
