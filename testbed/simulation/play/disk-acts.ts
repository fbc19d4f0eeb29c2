import type { Client } from '../client.ts';
import { statOf, type FileTree, type Inode } from '../disk/file-tree.ts';
import type { Act, diskActs, Step } from '../script.ts';
import { Broken, type World } from '../world.ts';
import { forAWhile } from './fault-acts.ts';
import { User } from './user.ts';

type DiskAct = (typeof diskActs)[number];

/** What befalls a disk, and for how long. */
export const playDisk: Readonly<Record<DiskAct, (world: World, client: Client, step: Step) => void>> = {
  unplug: (world, client, step) => {
    if (client.isInMishap) return;
    client.disk.isUnplugged = true;
    forAWhile(world, step, () => {
      client.disk.isUnplugged = false;
      world.start(client);
    });
  },
  emptyFolder: (world, client, step) => {
    if (client.isInMishap || !isAtRest(client)) return;
    client.kill();
    takeAll(client);
    world.ground.scheduler.after(restartMs, () => world.start(client));
    forAWhile(world, step, () => {
      giveBack(world, client, world.kind === 'free' && step.b % 2 === 0);
      world.start(client);
    });
  },
  // Some stay full until the storm is over, so that it can be seen what waits, and that nothing else does.
  fillDisk: (world, client, step) => {
    client.disk.isFull = true;
    if (step.b % 2 === 0) forAWhile(world, step, () => (client.disk.isFull = false));
  },
  respell: (world, client, step) => {
    if (client.isInMishap) return;
    const user = new User(world, client, step);
    const found = user.pick(user.walk(), step.a);
    if (found === undefined) return;
    const name = found.path.slice(found.path.lastIndexOf('/') + 1);
    const respelt = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    const to = found.path.slice(0, found.path.length - name.length) + respelt;
    const there = user.tree.at(to);
    if (there === undefined || there === found.inode) user.moveOver(found.path, to);
  },
};

const restartMs = 50;

export function isDiskAct(act: Act): act is DiskAct {
  return Object.hasOwn(playDisk, act);
}

/** There is something in the folder, all of it is in sync, and nothing is put aside: then an emptied one can be told. */
function isAtRest({ disk, memory }: Client): boolean {
  const things = disk.tree.walk();
  if (things.length === 0 || disk.stash.size > 0 || memory.changed().length + memory.provisional().length > 0) return false;
  return things.every(({ path, inode }) => path.endsWith(memory.localByIdentity(statOf(inode).identity)?.name ?? '/'));
}

function takeAll(client: Client): void {
  const { disk, memory } = client;
  disk.tree.flush();
  disk.takenAway = new Map(disk.tree.root.children);
  disk.tree.root.children.clear();
  client.mishapFrom = client.ids;
  client.mishapOf = new Set([...memory.local.all()].map(({ entryId }) => entryId));
}

/** The same things, or copies from a backup. */
function giveBack(world: World, client: Client, fromBackup: boolean): void {
  const { index, disk } = client;
  const { tree, takenAway } = disk;
  if (tree.root.children.size > 0 && isMissed(world, client))
    world.errors.push(new Broken(`client ${index} worked in a folder that had just been emptied`));
  disk.takenAway = undefined;
  // Others deleted all of it meanwhile, or a restore forgot it, and this device agreed: what came back would be somebody's new work.
  if (!isMissed(world, client) && [...client.mishapOf].every((entryId) => client.memory.local.get(entryId) === undefined))
    return world.letGo([...(takenAway?.values() ?? [])].flatMap((inode) => client.contentsOf(inode)));
  for (const [name, inode] of takenAway ?? []) tree.root.children.set(name, fromBackup ? copyOf(tree, inode) : inode);
}

/** Where others have deleted all that was in it, an empty folder is as it should be. */
function isMissed({ cell }: World, { mishapOf, person }: Client): boolean {
  const server = cell.homeOf(person);
  const entries = [...mishapOf].map((entryId) => server.drive.entries.get(entryId));
  return entries.some((entry) => entry !== undefined && server.isLive(entry));
}

function copyOf(tree: FileTree, inode: Inode): Inode {
  const { content, sizeBytes, mtimeMs, executable, target } = inode;
  const copy = tree.make(inode.kind, { content, sizeBytes, mtimeMs, executable, target });
  for (const [name, child] of inode.children) copy.children.set(name, copyOf(tree, child));
  return copy;
}
