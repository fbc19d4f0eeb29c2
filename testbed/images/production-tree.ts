import { execFile } from 'node:child_process';
import { lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { projectFolder } from '../src/standalone-process.ts';
import { putFolder, putFile } from './root-folder.ts';

const run = promisify(execFile);

/** What some workspaces need when they run: installed packages, and workspaces of the project, all as paths below its root. */
export type ProductionTree = { readonly packages: readonly string[]; readonly workspaces: readonly string[] };

/** Asks npm, which installed it, what the workspaces need without their tests. Throws when something is not installed. */
export async function productionTree(workspaces: readonly string[]): Promise<ProductionTree> {
  const named = workspaces.flatMap((workspace) => ['--workspace', workspace]);
  const args = ['ls', ...named, '--omit=dev', '--all', '--parseable'];
  const { stdout } = await run('npm', args, { cwd: projectFolder, maxBuffer: 16 << 20 });
  const listed = [...new Set(stdout.split('\n'))].map((line) => path.relative(projectFolder, line)).filter((line) => line !== '');
  const tree: { packages: string[]; workspaces: string[] } = { packages: [], workspaces: [] };
  for (const file of listed.toSorted()) {
    const status = await lstat(path.join(projectFolder, file));
    (status.isSymbolicLink() ? tree.workspaces : tree.packages).push(file);
  }
  return tree;
}

/** Copies installed packages to `app/` of a layer. Types, maps and documents stay behind: nothing that runs reads them. */
export async function putPackages(root: string, { packages }: ProductionTree): Promise<void> {
  for (const one of packages) {
    if (one.startsWith('node_modules/@types/')) continue;
    // One that lies in another has come with it.
    if (packages.some((other) => one.startsWith(`${other}/`))) continue;
    await putFolder(root, path.join(projectFolder, one), path.join('app', one), isIdle);
  }
}

/** Copies the sources of workspaces to `app/` of a layer, as they lie in the project, without tests, and links them. */
export async function putWorkspaces(root: string, { workspaces }: ProductionTree): Promise<void> {
  for (const link of workspaces) {
    const target = await readlink(path.join(projectFolder, link));
    const folder = path.join(path.dirname(link), target);
    await putFolder(root, path.join(projectFolder, folder), path.join('app', folder), isForTests);
    await mkdir(path.join(root, 'app', path.dirname(link)), { recursive: true });
    await symlink(target, path.join(root, 'app', link));
  }
  for (const file of ['package.json', 'LICENSE']) await putFile(root, path.join(projectFolder, file), path.join('app', file));
}

function isIdle(file: string): boolean {
  return /\.(d\.[cm]?ts|map|md|markdown)$/.test(file);
}

function isForTests(file: string): boolean {
  return file.endsWith('.test.ts') || /(^|\/)node_modules(\/|$)/.test(file);
}
