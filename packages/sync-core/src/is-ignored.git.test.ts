import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { parseIgnoreFile } from './ignore-pattern.ts';
import { isIgnored } from './is-ignored.ts';

const folders = ['a', 'b', 'a/b', 'a/ab', 'a/b/c'];
const files = [...folders.flatMap((folder) => [`${folder}/x`, `${folder}/a.b`, `${folder}/xc`]), 'x', 'abc', '!a', '#x', '[a]'];

const piece = fc.constantFrom(
  'a',
  'b',
  'c',
  'x',
  '*',
  '**',
  '/',
  '/',
  '?',
  '.',
  '[ab]',
  '[!a]',
  '[a-c]',
  '[^x]',
  '[]a]',
  '!',
  '#',
  '\\',
  ' ',
  '[[:alpha:]]',
  '[',
);
const line = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
const ignoreFile = fc.array(line, { maxLength: 4 }).map((lines) => lines.join('\n'));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'driftbox-ignore-'));
  execFileSync('git', ['init', '--quiet', root]);
  for (const folder of folders) await mkdir(path.join(root, folder), { recursive: true });
  for (const file of files) await writeFile(path.join(root, file), '');
});
afterAll(() => rm(root, { recursive: true, force: true }));

function askGit(paths: readonly string[]): Set<string> {
  const { stdout } = spawnSync('git', ['-c', 'core.excludesFile=', 'check-ignore', '--no-index', '--stdin', '-z'], {
    cwd: root,
    input: paths.join('\0'),
    encoding: 'utf8',
  });
  return new Set(stdout.split('\0').filter((found) => found !== ''));
}

test('decides as git does', async () => {
  await fc.assert(
    fc.asyncProperty(ignoreFile, ignoreFile, async (top, below) => {
      await writeFile(path.join(root, '.gitignore'), top);
      await writeFile(path.join(root, 'a/.gitignore'), below);
      const parsed = new Map([
        ['', parseIgnoreFile(top)],
        ['a', parseIgnoreFile(below)],
      ]);
      const ours = [...folders, ...files].filter((found) => isIgnored((folder) => parsed.get(folder), found, folders.includes(found)));
      expect(ours.sort()).toEqual([...askGit([...folders, ...files])].sort());
    }),
    { numRuns: 120 },
  );
});
