import type { Breach, Rule } from '../breach.ts';
import { allFiles } from '../repository.ts';
import { lineCount } from '../source-file.ts';

const maxFileLines = 400;
const maxFunctionLines = 70;
/** Files that may be longer, each with the reason. */
const longFiles: ReadonlyMap<string, string> = new Map();

/** Files and functions that can be read whole. */
export const sizes: Rule = {
  name: 'sizes',
  check: (repository) =>
    allFiles(repository).flatMap(({ file }): Breach[] => {
      const lines = lineCount(file.text);
      const tooLong = lines > maxFileLines && !longFiles.has(file.path);
      const functions = file.functions.filter((use) => use.lines > maxFunctionLines && !use.groupsTests);
      return [
        ...(tooLong
          ? [{ path: file.path, line: 1, message: `${lines} lines; split by idea, one file holds at most ${maxFileLines}` }]
          : []),
        ...functions.map((use) => ({
          path: file.path,
          line: use.line,
          message: `a function of ${use.lines} lines; name its parts, a function has at most ${maxFunctionLines}`,
        })),
      ];
    }),
};
