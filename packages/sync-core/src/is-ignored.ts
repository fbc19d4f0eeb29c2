import type { IgnorePattern } from './ignore-pattern.ts';

/** The name of the file that says what is not synced in its folder and below. It is synced itself. */
export const ignoreFileName = '.driftboxignore';

/**
 * True for what is left out of sync, as git decides it: the last line that matches wins, files further down over those
 * further up; and nothing below an ignored folder comes back.
 *
 * @param patternsIn the patterns of a folder's ignore file, by path (`''` is the root); `undefined` where there is none.
 * @param path names from the root down, joined by `/`.
 */
export function isIgnored(patternsIn: (folder: string) => readonly IgnorePattern[] | undefined, path: string, isFolder: boolean): boolean {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    if (decide(patternsIn, path.slice(0, end), true)) return true;
  }
  return decide(patternsIn, path, isFolder);
}

function decide(patternsIn: (folder: string) => readonly IgnorePattern[] | undefined, path: string, isFolder: boolean): boolean {
  for (let folder: string | undefined = above(path); folder !== undefined; folder = above(folder)) {
    const within = folder === '' ? path : path.slice(folder.length + 1);
    const decisive = patternsIn(folder)?.findLast(({ foldersOnly, matches }) => (isFolder || !foldersOnly) && matches(within));
    if (decisive !== undefined) return !decisive.negated;
  }
  return false;
}

/** The folder that a path lies in; `undefined` above the root. */
function above(path: string): string | undefined {
  if (path === '') return undefined;
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
