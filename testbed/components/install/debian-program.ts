import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import type { Installable, Report } from './installable.ts';
import { runCommand } from './run-command.ts';

/** A server from Debian's packages. */
export type DebianProgram = {
  readonly name: string;
  /** Its release line; Debian keeps mending within it. */
  readonly version: string;
  /** The program's name, and where its package puts it. */
  readonly program: string;
  readonly file: string;
  /** Programs that come with it, by name and file. */
  readonly beside?: Readonly<Record<string, string>>;
  /** The package, and the libraries of its own that a bare system lacks. */
  readonly packages: readonly string[];
};

/**
 * Unpacks the program from Debian's packages beside the system; installing the packages would need root and would start
 * the server there and then, on its usual port. Elsewhere it is the program that the system has.
 */
export function debianProgram({ name, version, program, file, beside = {}, packages }: DebianProgram): Installable {
  const programs = Object.entries({ [program]: file, ...beside });
  return {
    name,
    version,
    recipe: [...programs.flat(), ...packages],
    missing: async () => {
      if (await isDebian()) return undefined;
      for (const [one] of programs) {
        if ((await findProgram(one)) !== undefined) continue;
        return `${one} is not installed and this is no Debian to take it from: install it so that it is on the PATH`;
      }
      return undefined;
    },
    install: async (folder, report) => {
      const unpacked = await isDebian();
      if (unpacked) await unpack(packages, folder, report);
      for (const [one, own] of programs) {
        const target = unpacked ? path.join('root', own) : await findProgram(one);
        await symlink(target ?? '', path.join(folder, one));
      }
    },
  };
}

/** The environment in which an unpacked program finds its libraries. */
export function debianEnvironment(folder: string): Record<string, string> {
  const libraries = path.join(folder, 'root/usr/lib');
  return { LD_LIBRARY_PATH: `${path.join(libraries, debianMachine)}:${libraries}` };
}

/** The name of Debian's folders for libraries of this machine. */
export const debianMachine = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string] ?? '';

async function isDebian(): Promise<boolean> {
  const tools = await Promise.all(['apt-get', 'dpkg-deb'].map(findProgram));
  return tools.every((tool) => tool !== undefined);
}

async function unpack(packages: readonly string[], folder: string, report: Report): Promise<void> {
  const download = path.join(folder, 'download');
  await mkdir(download);
  const fetch = (options: readonly string[]): Promise<string> =>
    runCommand('apt-get', [...options, 'download', ...packages], { folder: download, report });
  await fetch([]).catch(async () => {
    // The lists of packages are missing or old; renewing the system's own would need root.
    const own = await ownLists(folder);
    await runCommand('apt-get', [...own, 'update'], { folder: download, report });
    await fetch(own);
  });
  const archives = (await readdir(download)).filter((name) => name.endsWith('.deb'));
  for (const archive of archives) await runCommand('dpkg-deb', ['-x', archive, path.join(folder, 'root')], { folder: download });
  for (const rest of [download, path.join(folder, 'lists')]) await rm(rest, { recursive: true, force: true });
}

async function ownLists(folder: string): Promise<string[]> {
  const lists = path.join(folder, 'lists');
  for (const name of ['state/lists/partial', 'cache/archives/partial']) await mkdir(path.join(lists, name), { recursive: true });
  return ['-o', `Dir::State=${lists}/state`, '-o', `Dir::Cache=${lists}/cache`, '-o', 'Dir::State::status=/var/lib/dpkg/status'];
}
