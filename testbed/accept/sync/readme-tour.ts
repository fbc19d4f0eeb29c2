import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { emailOf } from '../../src/email-of.ts';
import { seededBytes } from '../../src/seeded-bytes.ts';
import { projectFolder } from '../../src/standalone-process.ts';
import type { World } from '../../src/world.ts';
import { inWorld } from '../in-world.ts';
import type { Point } from '../point.ts';

/** A line to type, and what it prints, in any order: transfers run beside each other. */
type Command = { readonly line: string; readonly prints: readonly string[] };

const mark = '=====';

/** The part of README's tour in which two folders sync, typed on a terminal as it stands there. */
export const readmeTour: Point = {
  number: 6,
  promise: "README's tour shows two folders syncing, and its commands print what it says",
  show: () =>
    inWorld(async (world) => {
      const readme = await readFile(path.join(projectFolder, 'README.md'), 'utf8');
      const commands = tour(readme.replaceAll('ada@example.com', emailOf('ada')));
      await writeFile(path.join(world.folder, 'boat.jpg'), Buffer.concat([...seededBytes(1, 2_400_000)]));
      const printed = await typed(world, commands);
      const wrong = commands.flatMap(({ line, prints }, index) => {
        const here = printed[index] ?? [];
        return sameLines(prints, here) ? [] : [`$ ${line}`, 'README says:', ...prints, 'it printed:', ...here];
      });
      return { holds: commands.length > 0 && wrong.length === 0, figure: [`${commands.length} commands typed`, ...wrong].join('\n') };
    }),
};

/** The commands of the blocks in which `driftbox sync` is used. */
function tour(readme: string): Command[] {
  const blocks = [...readme.matchAll(/^```\n(\$ [^]*?)^```/gm)]
    .map(([, block]) => block!)
    .filter((block) => /^\$ .*driftbox sync/m.test(block));
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [line = '', ...prints] = part.trimEnd().split('\n');
        return { line, prints: prints.filter((text) => !text.startsWith('Password of ')) };
      }),
  );
}

/** What each command prints on a terminal, in one shell in which `driftbox` is this checkout's. */
async function typed(world: World, commands: readonly Command[]): Promise<string[][]> {
  const cli = `${process.execPath} --no-warnings ${path.join(projectFolder, 'clients/cli/src/main.ts')}`;
  const lines = commands.map(({ line }) =>
    line
      .replaceAll('http://127.0.0.1:8484', world.server().address)
      .replace('second login', `second login --password-file ${world.passwordFile}`),
  );
  const file = path.join(world.folder, 'tour.sh');
  await writeFile(
    file,
    ['shopt -s expand_aliases', `alias driftbox='${cli}'`, ...lines.flatMap((line) => [line, `echo ${mark}`])].join('\n'),
  );
  const env = {
    ...process.env,
    HOME: world.folder,
    XDG_STATE_HOME: path.join(world.folder, 'state'),
    DRIFTBOX_CONFIG_DIR: path.join(world.folder, 'config'),
  };
  const { stdout } = await promisify(execFile)('script', ['-qec', `bash ${file}`, '/dev/null'], { cwd: world.folder, env });
  return stdout.split(mark).map(shownLines);
}

/** What is left to see of output that overwrites its own lines. */
function shownLines(output: string): string[] {
  const lines = stripVTControlCharacters(output).split('\n');
  return lines.map((line) => line.trimEnd().split('\r').at(-1)!.trimEnd()).filter((line) => line !== '');
}

function sameLines(one: readonly string[], other: readonly string[]): boolean {
  const comparable = (lines: readonly string[]): string => lines.map(withoutNumbers).sort().join('\n');
  return comparable(one) === comparable(other);
}

/** Sizes, dates and the name of the machine are not the same everywhere. */
function withoutNumbers(line: string): string {
  return line
    .replaceAll(hostname(), 'HOST')
    .replace(/copy of \S+ /, 'copy of HOST ')
    .replaceAll(/\d+(?:\.\d+)?/g, 'N');
}
