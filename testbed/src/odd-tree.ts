import { chmod, cp, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from './standalone-process.ts';

/** Names that trip programs: spaces, quotes, newlines, leading dashes, long, other scripts, look-alikes in NFC. */
const oddNames = [
  'with space',
  "it's",
  'say "hi"',
  'line\nbreak',
  '-rf',
  '--help',
  '.hidden',
  'ünïcödé',
  '日本語',
  '😀',
  'percent%2Fslash',
  'a'.repeat(255),
  'back\\slash',
  '*?[x]',
  ' trailing ',
];

/**
 * Fills `folder` with a tree of real files (the installed packages and the documentation of the system)
 * and with everything odd that a rule is documented for: empty files and folders, links, executable bits, old times.
 */
export async function makeOddTree(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(path.join(projectFolder, 'node_modules'), path.join(folder, 'node_modules'), {
    recursive: true,
    dereference: false,
    verbatimSymlinks: true,
  });
  await cp('/usr/share/doc', path.join(folder, 'doc'), { recursive: true, dereference: false, verbatimSymlinks: true });
  const odd = path.join(folder, 'odd');
  await mkdir(path.join(odd, 'empty folder'), { recursive: true });
  for (const name of oddNames) await writeFile(path.join(odd, name), `called ${name}`);
  await writeFile(path.join(odd, 'empty'), '');
  await writeFile(path.join(odd, 'program.sh'), '#!/bin/sh\necho hello\n');
  await chmod(path.join(odd, 'program.sh'), 0o755);
  await symlink('program.sh', path.join(odd, 'link'));
  await symlink('/nowhere/at all', path.join(odd, 'dangling'));
  await symlink('..', path.join(odd, 'loop'));
  await utimes(path.join(odd, 'empty'), new Date('1999-12-31T23:59:59.123Z'), new Date('1999-12-31T23:59:59.123Z'));
}
