import type { Entry, Operation, WriteId } from '@driftbox/domain';
import { caseless } from '../disk/file-tree.ts';
import type { Act, Step, webActs } from '../script.ts';
import type { SimulatedServer } from '../server/simulated-server.ts';
import type { World } from '../world.ts';
import { aDrive } from './fault-acts.ts';

type WebAct = (typeof webActs)[number];
type Bare<T> = T extends Operation ? Omit<T, 'writeId'> : never;

/** What somebody does at another door: straight to the server, on its newest state. */
const operationFor: Readonly<Record<WebAct, (entry: Entry, step: Step, server: SimulatedServer) => Bare<Operation>>> = {
  untrash: ({ entryId }) => ({ op: 'untrash', entryId }),
  restoreRevision: ({ entryId, rev }, step) => ({ op: 'restoreRevision', entryId, rev: 1 + (step.b % rev) }),
  // Now and then to where a client would leave it that swaps names in steps and is never seen again; not where perhaps nobody who may
  // write is there to put it back.
  webMove: ({ entryId, rev }, { c }, { rootId, drive }) => {
    const isLeft = c % 4 === 3 && drive.drive.kind === 'home';
    return { op: 'move', entryId, baseRev: rev, parentId: rootId, name: isLeft ? `.driftbox-moving-${entryId}` : `moved ${c % 3}` };
  },
  webDelete: ({ entryId, rev }, _step, { drive }) => ({ op: 'delete', entryId, baseRev: rev, seenSeq: drive.drive.seq }),
};

export function isWebAct(act: Act): act is WebAct {
  return Object.hasOwn(operationFor, act);
}

export function playWeb(world: World, act: WebAct, step: Step): void {
  const server = aDrive(world, step);
  const trashed = act === 'untrash';
  const isMount = ({ body }: Entry) => body.kind === 'mount';
  const entries = [...server.drive.entries.values()].filter((entry) => (entry.trashed !== undefined) === trashed && !isMount(entry));
  const entry = entries[step.a % Math.max(1, entries.length)];
  if (entry === undefined || server.isDown) return;
  commitBare(world, server, operationFor[act](entry, step, server));
}

/** Gives each name of its own to those that some disk cannot tell apart; answers how many there were. */
export function tellApart(world: World): number {
  let apart = 0;
  const home = world.cell.homeOf(0);
  for (const { entryId, rev, parentId } of clashing(home).flatMap((clash) => clash.slice(1))) {
    apart += 1;
    commitBare(world, home, { op: 'move', entryId, baseRev: rev, parentId, name: `apart ${apart}` });
  }
  return apart;
}

/** The entries of a folder that look alike to a disk that does not tell cases, for each such look that several have. */
export function clashing(server: SimulatedServer): Entry[][] {
  const alike = new Map<string, Entry[]>();
  for (const entry of server.drive.entries.values()) {
    if (!server.isLive(entry)) continue;
    const key = `${entry.parentId} ${caseless(entry.name)}`;
    alike.set(key, [...(alike.get(key) ?? []), entry]);
  }
  return [...alike.values()].filter(({ length }) => length > 1);
}

/** By the owner of the drive. */
export function commitBare(world: World, server: SimulatedServer, operation: Bare<Operation>): void {
  world.webWrites += 1;
  const writeId = `00000000-0000-7000-8eb0-${world.webWrites.toString(16).padStart(12, '0')}` as WriteId;
  server.commit(server.drive.drive.epoch, [{ ...operation, writeId }]);
}
