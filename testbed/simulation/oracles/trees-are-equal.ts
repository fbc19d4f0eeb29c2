import { liveChildren, type Entry, type EntryId } from '@driftbox/domain';
import type { Client } from '../client.ts';
import { tagOf } from '../contents.ts';
import type { Inode } from '../disk/file-tree.ts';
import type { SimulatedServer } from '../server/simulated-server.ts';
import type { World } from '../world.ts';
import { must } from './must.ts';

/** Every disk holds what the server holds: names, kinds, contents, targets, executable bits, and times as far as the disk keeps them. */
export function treesAreEqual(world: World): void {
  for (const client of world.clients) {
    const there = serverTree(world, client);
    const here = diskTree(client);
    for (const path of new Set([...there.keys(), ...here.keys()])) {
      must(there.get(path) === here.get(path), () => differs(client, path, there.get(path), here.get(path)));
    }
  }
}

function differs(client: Client, path: string, there: string | undefined, here: string | undefined): string {
  const what = `server ${there ?? 'nothing'}, client ${client.index} ${here ?? 'nothing'}`;
  return `trees differ at ${path}: ${what}; ${JSON.stringify(client.last)}`;
}

/** What a client is to have, by path: its home drive, and in it the drives that show up there. Times as its disk keeps them. */
export function serverTree(world: World, client: Client): Map<string, string> {
  const tree = new Map<string, string>();
  for (const { path, entry } of seenBy(world, client.person))
    tree.set(
      path,
      describeEntry(entry, (ms) => client.disk.tree.round(ms)),
    );
  return tree;
}

/** An entry that shows up somewhere below a home drive, and in which drive it is. */
export type Seen = { readonly path: string; readonly entry: Entry; readonly server: SimulatedServer };

/** Everything in somebody's home drive and in the drives that show up there, folders before what is in them. */
export function seenBy({ cell, mayRead }: World, person: number): Seen[] {
  const home = cell.homeOf(person);
  const seen: Seen[] = [];
  const folders: { readonly entryId: EntryId; readonly path: string; readonly server: SimulatedServer }[] = [
    { entryId: home.rootId, path: '', server: home },
  ];
  for (const folder of folders) {
    for (const entry of liveChildren(folder.server.drive, folder.entryId)) {
      const one = { path: `${folder.path}/${entry.name}`, entry, server: folder.server };
      if (entry.body.kind !== 'mount') {
        seen.push(one);
        if (entry.body.kind === 'folder') folders.push({ ...one, entryId: entry.entryId });
        continue;
      }
      const server = cell.driveOf(entry.body.drive);
      if (!mayRead(person, server)) continue;
      seen.push(one);
      folders.push({ entryId: server.rootId, path: one.path, server });
    }
  }
  return seen;
}

function describeEntry({ body }: Entry, round: (ms: number) => number): string {
  switch (body.kind) {
    case 'file':
      return `file ${tagOf(body.content.listId)} ${body.content.sizeBytes} ${round(body.mtimeMs)} ${body.executable}`;
    case 'symlink':
      return `symlink ${body.target}`;
    default:
      return 'folder';
  }
}

/** What a client's disk holds, by path, in the same words. */
export function diskTree({ disk: { tree } }: Client): Map<string, string> {
  return new Map(tree.walk().map(({ path, inode }) => [`/${path}`, describeInode(inode)]));
}

function describeInode({ kind, content, sizeBytes, mtimeMs, executable, target }: Inode): string {
  if (kind === 'file') return `file ${content} ${sizeBytes} ${mtimeMs} ${executable}`;
  return kind === 'symlink' ? `symlink ${target}` : kind;
}
