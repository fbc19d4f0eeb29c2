import { execFile } from 'node:child_process';
import { listTree, listingDifferences } from '../src/tree-listing.ts';

const longestLines = 20;

/** Where folders differ from the first of them, by `diff -r` and by the SHA-256 of every file; nothing when they are equal. */
export async function compareFolders(folders: readonly string[]): Promise<string[]> {
  const [first = '', ...others] = folders;
  const tree = await listTree(first);
  const lines: string[] = [];
  for (const other of others) lines.push(...(await diff(first, other)), ...listingDifferences(tree, await listTree(other)));
  return lines.slice(0, longestLines);
}

/** What `diff -r` prints: nothing for equal trees. Links are compared by where they lead. */
function diff(one: string, other: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const flags = ['-r', '--brief', '--no-dereference', '--exclude=.driftbox'];
    execFile('diff', [...flags, one, other], { maxBuffer: 2 ** 24 }, (error, stdout) => {
      // 1 says that they differ (diff(1)).
      if (error !== null && error.code !== 1) reject(new Error(`diff ended with ${error.code}`, { cause: error }));
      else resolve(stdout.split('\n').filter((line) => line !== ''));
    });
  });
}
