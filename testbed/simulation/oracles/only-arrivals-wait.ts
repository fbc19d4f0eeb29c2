import type { EntryId } from '@driftbox/domain';
import type { Client } from '../client.ts';
import type { World } from '../world.ts';
import { must } from './must.ts';
import { diskTree, serverTree } from './trees-are-equal.ts';

/** Where a disk is full, everything that takes no room there is done, and what takes some waits and says why. */
export function onlyArrivalsWait(world: World): void {
  for (const client of world.clients.filter(({ disk }) => disk.isFull)) {
    const where = () => `client ${client.index}, whose disk is full: ${JSON.stringify([client.last, client.loop?.waiting()])}`;
    const { last, store } = client;
    must(last?.result === 'quiet', where);
    must(last.plan.remote.length === 0 && store.pending().every(({ mayArrive }) => mayArrive === true), where);
    const { rootId } = world.cell.homeOf(client.person);
    const waiting = new Set((client.loop?.waiting() ?? []).filter(({ reason }) => reason !== '').map(({ entryId }) => entryId));
    const there = serverTree(world, client);
    const here = diskTree(client);
    for (const [path, what] of there)
      if (here.get(path) !== what) must(isWaiting(client, path, rootId, waiting), () => `${path} waits for nothing; ${where()}`);
  }
}

/** An entry waits, or what is in its place does, or a folder it is to be in. */
function isWaiting({ store }: Client, path: string, rootId: EntryId, waiting: ReadonlySet<EntryId>): boolean {
  let parent: EntryId = rootId;
  for (const name of path.split('/').slice(1)) {
    const entry = store.remote.childAt(parent, name);
    if (entry === undefined) return false;
    if (waiting.has(entry.entryId)) return true;
    parent = entry.entryId;
  }
  return false;
}
