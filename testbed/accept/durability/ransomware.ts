import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCli, type Cli } from '../../src/run-cli.ts';
import type { World } from '../../src/world.ts';
import type { Shown, Tell } from '../point.ts';

const folders = 30;
const filesOfFolder = 50;

type Tree = Map<string, string>;

/** Every file below a folder by its path, with the digest of its bytes. */
async function treeOf(folder: string): Promise<Tree> {
  const tree: Tree = new Map();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || file.includes('.driftbox')) continue;
    tree.set(
      path.relative(folder, file),
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
  }
  return tree;
}

function differences(expected: Tree, actual: Tree): string[] {
  const wrong = [...expected].filter(([name, digest]) => actual.get(name) !== digest).map(([name]) => `${name} is not what it was`);
  return [...wrong, ...[...actual.keys()].filter((name) => !expected.has(name)).map((name) => `${name} is left behind`)];
}

async function fill(folder: string): Promise<void> {
  for (let n = 0; n < folders; n += 1) {
    await mkdir(path.join(folder, `folder ${n}`), { recursive: true });
    for (let m = 0; m < filesOfFolder; m += 1) await writeFile(path.join(folder, `folder ${n}`, `paper ${m}.txt`), randomBytes(600));
  }
}

/** What such programs do: every file overwritten in place and renamed, and a note in every folder. */
async function encryptAll(folder: string): Promise<void> {
  for (const name of (await treeOf(folder)).keys()) {
    const file = path.join(folder, name);
    await writeFile(file, randomBytes(640));
    await rename(file, `${file}.locked`);
  }
  for (let n = 0; n < folders; n += 1) await writeFile(path.join(folder, `folder ${n}`, 'HOW TO PAY.txt'), 'send coins');
}

type Device = { readonly cli: Cli; readonly folder: string };

async function newDevice(world: World, name: string): Promise<Device> {
  const cli = createCli(path.join(world.folder, `config-${name}`));
  await cli.must('login', '--server', world.address, '--email', world.email, '--password-file', world.passwordFile);
  const folder = path.join(world.folder, name);
  await mkdir(folder);
  return { cli, folder };
}

const sync = ({ cli, folder }: Device): Promise<string> => cli.must('sync', folder, '--once');

/**
 * A device's files are all encrypted and synced, its own guard switched off. The server's brake has to stop it, a colleague's work
 * since has to stay, and one command from another device has to bring everything else back.
 */
export async function showRansomware(world: World, tell: Tell): Promise<Shown> {
  const wrong: string[] = [];
  const check = (holds: boolean, what: string): void => void (holds || wrong.push(what));
  const laptop = await newDevice(world, 'laptop');
  const desktop = await newDevice(world, 'desktop');
  await fill(desktop.folder);
  await sync(desktop);
  await sync(laptop);
  const before = await treeOf(desktop.folder);
  tell(`${before.size} files on two devices`);

  await encryptAll(laptop.folder);
  const encrypted = await treeOf(laptop.folder);
  const attack = await laptop.cli.run('sync', laptop.folder, '--once', '--yes-delete');
  check(attack.code === 9 && attack.stdout.includes('brake'), `the device's sync ended with ${attack.code}: ${attack.stdout.slice(-500)}`);
  check(differences(encrypted, await treeOf(laptop.folder)).length === 0, 'the device did not keep its files as they were');
  const refused = await laptop.cli.run('mkdir', '/more');
  check(
    refused.code === 5 && refused.stderr.includes('brake'),
    `a further commit ended with ${refused.code}: ${refused.stderr.slice(-300)}`,
  );

  await sync(desktop);
  const struck = await treeOf(desktop.folder);
  const original = new Set(before.values());
  const rewritten = [...struck].filter(([name, digest]) => name.endsWith('.locked') && !original.has(digest)).map(([name]) => name);
  const lost = rewritten.length;
  check(lost > 0 && lost <= 1_000, `${lost} files were taken away before the brake`);
  const kept = rewritten[0] ?? '';
  await writeFile(path.join(desktop.folder, kept), 'a colleague went on here');
  await writeFile(path.join(desktop.folder, 'new.txt'), 'and made this');
  await sync(desktop);

  const started = performance.now();
  const undone = await desktop.cli.run('brake', 'undo', '--json');
  const seconds = (performance.now() - started) / 1000;
  const { undone: entries, conflicts } = JSON.parse(undone.stdout) as { undone: number; conflicts: number };
  check(undone.code === 6 && conflicts === 1, `undoing ended with ${undone.code} and ${conflicts} conflicts: ${undone.stderr.slice(-300)}`);
  await sync(desktop);
  const expected = new Map(before);
  const restored = kept.replace(/\.locked$/, '');
  const now = await treeOf(desktop.folder);
  const stays = now.get(restored);
  check(stays === createHash('sha256').update('a colleague went on here').digest('hex'), "a colleague's work did not stay");
  for (const name of [restored, 'new.txt']) expected.set(name, now.get(name) ?? '');
  wrong.push(...differences(expected, now));
  await desktop.cli.must('brake', 'accept');
  await laptop.cli.must('mkdir', '/again');
  const figure = `${lost} of ${before.size} files rewritten when the brake held; ${entries} entries undone in ${seconds.toFixed(1)} s`;
  return { holds: wrong.length === 0, figure: [`${figure}; ${wrong.length} things wrong`, ...wrong.slice(0, 20)].join('\n') };
}
