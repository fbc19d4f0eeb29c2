import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Nobody in particular, and never root: the number that images of this kind agree on. */
export const appUser = '65532:65532';

/** Makes a folder that becomes a layer, empty. */
export async function emptyRoot(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Writes a file of a layer. */
export async function put(root: string, file: string, text: string, mode = 0o644): Promise<void> {
  const target = path.join(root, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
  await chmod(target, mode);
}

/** The users, the name look-up and the folder for temporary files that programs expect of a system. */
export async function putSystem(root: string): Promise<void> {
  await put(root, 'etc/passwd', 'root:x:0:0::/root:/bin/sh\napp:x:65532:65532::/home/app:/bin/sh\n');
  await put(root, 'etc/group', 'root:x:0:\napp:x:65532:\n');
  await put(root, 'etc/nsswitch.conf', 'hosts: files dns\n');
  await mkdir(path.join(root, 'tmp'), { recursive: true });
  await chmod(path.join(root, 'tmp'), 0o1777);
}

/** Copies a program and every shared library that it needs. Those of `own`, folders that came with it, go where every loader looks. */
export async function putProgram(root: string, program: string, target: string, own = ''): Promise<void> {
  await putFile(root, program, target);
  await chmod(path.join(root, target), 0o755);
  for (const { name, file } of await librariesOf(program, own)) {
    await putFile(root, file, isBelow(file, own) ? path.join('/usr/lib', name) : file);
  }
}

/** Copies the system's shared libraries that a program or library needs; those in `own` are there already, where it looks for them. */
export async function putLibraries(root: string, program: string, own: string): Promise<void> {
  for (const { file } of await librariesOf(program, own)) if (!isBelow(file, own)) await putFile(root, file, file);
}

type Library = { readonly name: string; readonly file: string };

/** What the loader finds for a program, those of `own` first; a static one has none. Throws when something is missing. */
async function librariesOf(program: string, own: string): Promise<Library[]> {
  const { stdout } = await run('ldd', [program], { env: { ...process.env, LD_LIBRARY_PATH: own } }).catch(() => ({ stdout: '' }));
  const missing = [...stdout.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
  if (missing.length > 0) throw new Error(`${program} needs ${missing.join(', ')}, which this machine lacks`);
  return readLibraries(stdout);
}

/** What `ldd` says. The loader itself stands without an arrow: its path is in the program. Others may go up, by `$ORIGIN/../lib`. */
export function readLibraries(text: string): Library[] {
  const lines = text.matchAll(/^\s*(?:(?<name>\S+) => )?(?<file>\/\S+) \(0x/gm);
  return Array.from(lines, ({ groups }) => ({ name: groups?.['name'] ?? '', file: path.normalize(groups?.['file'] ?? '') }));
}

function isBelow(file: string, folders: string): boolean {
  return folders.split(':').some((folder) => folder !== '' && file.startsWith(`${folder}/`));
}

/** Copies one file, or what a link leads to. */
export async function putFile(root: string, source: string, target: string): Promise<void> {
  const to = path.join(root, target);
  await mkdir(path.dirname(to), { recursive: true });
  await cp(await realpath(source), to, { dereference: true });
}

/** Copies a folder with what is below it, except what `leave` says of a path below it. Links stay links. */
export async function putFolder(root: string, source: string, target: string, leave?: (file: string) => boolean): Promise<void> {
  await cp(source, path.join(root, target), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => leave?.(path.relative(source, file)) !== true,
  });
}

/** Puts busybox under the names that shells and probes use. */
export async function putShell(root: string, busybox: string): Promise<void> {
  await putFile(root, busybox, 'bin/busybox');
  await chmod(path.join(root, 'bin/busybox'), 0o755);
  for (const name of shellNames) await symlink('busybox', path.join(root, 'bin', name));
}

const shellNames = [
  'sh',
  'cat',
  'chmod',
  'cp',
  'cut',
  'date',
  'env',
  'grep',
  'hostname',
  'id',
  'ls',
  'mkdir',
  'mv',
  'nc',
  'nslookup',
  'rm',
  'sed',
].concat(['sleep', 'sync', 'tail', 'test', 'touch', 'wget']);
