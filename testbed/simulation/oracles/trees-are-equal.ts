import { liveChildren, type Entry, type EntryId } from '@driftbox/domain';
import type { Client } from '../client.ts';
import { tagOf } from '../contents.ts';
import type { Inode } from '../disk/file-tree.ts';
import { rootId } from '../server/simulated-server.ts';
import type { World } from '../world.ts';
import { must } from './must.ts';

/** Every disk holds what the server holds: names, kinds, contents, targets, executable bits, and times as far as the disk keeps them. */
export function treesAreEqual(world: World): void {
  for (const client of world.clients) {
    const there = serverTree(world, (ms) => client.disk.tree.round(ms));
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

/** What the server holds, by path. `round` is what a disk makes of a time. */
export function serverTree({ server: { drive } }: World, round: (ms: number) => number): Map<string, string> {
  const tree = new Map<string, string>();
  const folders: { readonly entryId: EntryId; readonly path: string }[] = [{ entryId: rootId, path: '' }];
  for (const folder of folders) {
    for (const entry of liveChildren(drive, folder.entryId)) {
      const path = `${folder.path}/${entry.name}`;
      tree.set(path, describeEntry(entry, round));
      if (entry.body.kind === 'folder') folders.push({ entryId: entry.entryId, path });
    }
  }
  return tree;
}

function describeEntry({ body }: Entry, round: (ms: number) => number): string {
  switch (body.kind) {
    case 'file':
      return `file ${tagOf(body.content.listId)} ${body.content.sizeBytes} ${round(body.mtimeMs)} ${body.executable}`;
    case 'symlink':
      return `symlink ${body.target}`;
    default:
      return body.kind;
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
