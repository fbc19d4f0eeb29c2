import type { EntryId } from '@driftbox/domain';
import type { Tree, TreeEntry } from '@driftbox/sync-core';
import type { Client } from '../client.ts';
import { clashing } from '../play/web-acts.ts';
import type { World } from '../world.ts';
import { must } from './must.ts';
import { diskTree, serverTree } from './trees-are-equal.ts';

/**
 * On a disk that does not tell cases nothing waits unless names on the server look alike there. Of such names at most one is on
 * disk, and what is not as on the server waits by itself, with its folder or for what is in it, and says why.
 */
export function onlyClashesWait(world: World): void {
  const clashes = clashing(world.cell.homeOf(0));
  for (const client of world.clients.filter(({ disk }) => !disk.tree.tellsCases)) {
    const { last, memory } = client;
    const where = () => `client ${client.index}, whose disk does not tell cases: ${JSON.stringify(last)}`;
    must(last?.result === 'quiet', where);
    must(clashes.length > 0 || last.plan.waiting.length === 0, where);
    for (const clash of clashes) {
      const here = clash.filter(({ entryId, parentId, name }) => memory.local.childAt(parentId, name)?.entryId === entryId);
      must(here.length <= 1, () => `${here.length} of ${clash[0]?.name} are on disk; ${where()}`);
    }
    theRestIsThere(world, client, new Set(last.plan.waiting.map(({ entryId }) => entryId)));
  }
}

function theRestIsThere(world: World, client: Client, waiting: ReadonlySet<EntryId>): void {
  const there = serverTree(world, client);
  const here = diskTree(client);
  const { local, remote } = client.memory;
  const { rootId } = world.cell.homeOf(client.person);
  for (const path of new Set([...there.keys(), ...here.keys()])) {
    if (there.get(path) === here.get(path)) continue;
    const onPath = [...idsOn(path, local, rootId)];
    const waits = [...onPath, ...idsOn(path, remote, rootId)].some((entryId) => waiting.has(entryId));
    if (waits || (here.has(path) && holdsAny(local, onPath.at(-1), waiting))) continue;
    must(false, () => `${path} waits for nothing: client ${client.index} ${here.get(path)}, the server ${there.get(path)}`);
  }
}

/** True where something that waits lies in this folder: it cannot go before that. */
function holdsAny(local: Tree<TreeEntry>, folder: EntryId | undefined, waiting: ReadonlySet<EntryId>): boolean {
  for (const entryId of waiting) {
    for (let at = local.get(entryId); at !== undefined; at = local.get(at.parentId)) if (at.parentId === folder) return true;
  }
  return false;
}

/** The entries on the way to a path, the last one included. */
function* idsOn(path: string, tree: Tree<TreeEntry>, rootId: EntryId): Iterable<EntryId> {
  let parentId: EntryId | undefined = rootId;
  for (const name of path.split('/').slice(1)) {
    parentId = parentId && tree.childAt(parentId, name)?.entryId;
    if (parentId !== undefined) yield parentId;
  }
}
