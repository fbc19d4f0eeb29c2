import { liveChildren, type Entry, type EntryId, type Role } from '@driftbox/domain';
import type { Act, convertingActs, sharingActs, Step } from '../script.ts';
import { tagOf } from '../contents.ts';
import { statOf } from '../disk/file-tree.ts';
import { shareIn, unshareIn } from '../server/convert-drive.ts';
import type { SimulatedServer } from '../server/simulated-server.ts';
import type { World } from '../world.ts';
import { commitBare } from './web-acts.ts';

type SharingAct = (typeof sharingActs)[number] | (typeof convertingActs)[number];

/** Whom it is about, and which drive. */
type Concern = { readonly person: number; readonly drive: SimulatedServer; readonly step: Step };

const playOne: Readonly<Record<SharingAct, (world: World, concern: Concern) => void>> = {
  grant: (world, { person, drive, step }) => {
    if (world.cell.roleOf(drive, person) === undefined) {
      dropBlindMounts(world);
      // Left in a home that nobody may write to: seen again, it would be told to nobody.
      if (mountsOf(world.cell.homeOf(person)).some((entry) => isMountOf(entry, drive))) return;
      setRole(world, drive, person, step.c % 3 === 0 ? 'viewer' : 'editor');
    }
    mount(world, person, drive);
  },
  revoke: (world, { person, drive }) => {
    setRole(world, drive, person, undefined);
    world.letGoForgotten();
    dropBlindMounts(world);
  },
  demote: (world, { person, drive }) => {
    if (world.cell.roleOf(drive, person) !== undefined) setRole(world, drive, person, 'viewer');
  },
  promote: (world, { person, drive }) => {
    if (world.cell.roleOf(drive, person) !== undefined) setRole(world, drive, person, 'editor');
  },
  mount: (world, { person, drive }) => mount(world, person, drive),
  moveMount: (world, { person, drive, step }) => {
    const home = world.cell.homeOf(person);
    const mounted = mountsOf(home).find((entry) => isMountOf(entry, drive) && home.isLive(entry));
    const folders = [...home.drive.entries.values()].filter((entry) => entry.body.kind === 'folder' && home.isLive(entry));
    const parentId = [home.rootId, ...folders.map(({ entryId }) => entryId)][step.b % (folders.length + 1)] ?? home.rootId;
    if (mounted === undefined) return;
    const { entryId, rev } = mounted;
    commitBare(world, home, { op: 'move', entryId, baseRev: rev, parentId, name: `mount ${step.c % 3}` });
  },
  dropMount: (world, { person, drive }) => {
    const home = world.cell.homeOf(person);
    const mounted = mountsOf(home).find((entry) => isMountOf(entry, drive) && home.isLive(entry));
    if (mounted === undefined) return;
    const { entryId, rev } = mounted;
    commitBare(world, home, { op: 'delete', entryId, baseRev: rev, seenSeq: home.drive.drive.seq });
  },
  shareFolder: (world, { person, step }) => {
    const { cell, ground, backups } = world;
    const home = cell.homeOf(person);
    const folders = [...home.drive.entries.values()].filter((entry) => entry.body.kind === 'folder' && home.isLive(entry));
    const folder = folders[step.b % Math.max(1, folders.length)];
    // The mount would keep a name that was to be the folder's for a moment, and that people see as it is.
    if (folder === undefined || folder.name.startsWith('.driftbox-')) return;
    holdWhatIsIn(world, person, folder.entryId);
    const made = shareIn(home, folder, freshMountId(world), cell.freeDriveId(), ground.scheduler.nowMs);
    if (made === undefined) return;
    world.hear(cell.add(person, made));
    // A restore that brings back half of what moved between two drives is no matter of sync.
    backups.clear();
    world.tell(home);
  },
  unshare: (world, { drive, step }) => {
    const { cell, ground, backups } = world;
    const home = cell.homeOf(drive.owner);
    const mounted = mountsOf(home).find((entry) => isMountOf(entry, drive) && home.isLive(entry));
    const isAtTop = mounted?.parentId === home.rootId;
    if (!unshareIn(drive, home, isAtTop ? mounted.name : `back ${step.c % 3}`, ground.scheduler.nowMs)) return;
    // Its history is theirs as well.
    const revisions = [...home.drive.revisions.values()].flat();
    const contents = revisions.flatMap(({ body }) => (body.kind === 'file' ? [tagOf(body.content.listId)] : []));
    world.hold(drive.owner, contents);
    cell.remove(drive);
    world.letGoForgotten();
    backups.clear();
    world.tell(home);
    dropBlindMounts(world);
  },
};

export function isSharingAct(act: Act): act is SharingAct {
  return Object.hasOwn(playOne, act);
}

export function playSharing(world: World, act: SharingAct, step: Step): void {
  const { cell, clients } = world;
  const person = clients[step.client % clients.length]?.person ?? 0;
  // Where there is none to speak of, one is shared.
  const drive = cell.shared[step.a % Math.max(1, cell.shared.length)] ?? cell.homeOf(person);
  if (drive.isDown || (drive.drive.drive.kind === 'home' && act !== 'shareFolder')) return;
  playOne[act](world, { person, drive, step });
}

/** Everybody has every drive from the beginning, but for some. */
export function beginSharing(world: World, isLeftOut: () => boolean): void {
  const { cell } = world;
  for (const drive of cell.shared) {
    for (const person of cell.homes.keys()) {
      if (drive.owner !== person && isLeftOut()) continue;
      if (drive.owner !== person) cell.setRole(drive, person, 'editor');
      mount(world, person, drive);
    }
  }
}

/** What somebody may not see any longer does not show up in their home, as the metadata service sees to it. */
export function dropBlindMounts(world: World): void {
  for (const [person, home] of world.cell.homes.entries()) {
    for (const { entryId, rev, body, trashed } of mountsOf(home)) {
      if (body.kind !== 'mount' || world.mayRead(person, world.cell.driveOf(body.drive))) continue;
      if (trashed === undefined) commitBare(world, home, { op: 'delete', entryId, baseRev: rev, seenSeq: home.drive.drive.seq });
      commitBare(world, home, { op: 'purge', entryId });
    }
  }
}

/** A drive that was moved into a folder that is shared now has no place there: what is in it goes along, as of who moved it. */
function holdWhatIsIn(world: World, person: number, folderId: EntryId): void {
  for (const client of world.clients) {
    const identity = client.memory.local.get(folderId)?.stat.identity;
    if (client.person !== person || identity === undefined) continue;
    const found = client.disk.tree.walk().find(({ inode }) => statOf(inode).identity === identity);
    if (found !== undefined) world.hold(person, client.contentsOf(found.inode));
  }
}

function setRole({ cell }: World, drive: SimulatedServer, person: number, role: Role | undefined): void {
  if (drive.owner !== person) cell.setRole(drive, person, role);
}

/** At the top, unless it shows up somewhere already. */
function mount(world: World, person: number, drive: SimulatedServer): void {
  const home = world.cell.homeOf(person);
  if (!world.mayRead(person, drive) || mountsOf(home).some((entry) => isMountOf(entry, drive) && home.isLive(entry))) return;
  const names = new Set(liveChildren(home.drive, home.rootId).map(({ name }) => name));
  let name = 'team';
  for (let count = 2; names.has(name); count += 1) name = `team ${count}`;
  commitBare(world, home, { op: 'putMount', entryId: freshMountId(world), parentId: home.rootId, name, drive: drive.driveId });
}

function freshMountId(world: World): EntryId {
  world.webWrites += 1;
  return `00000000-0000-7000-8ec0-${world.webWrites.toString(16).padStart(12, '0')}` as EntryId;
}

function mountsOf(home: SimulatedServer): Entry[] {
  return [...home.drive.entries.values()].filter(({ body }) => body.kind === 'mount');
}

function isMountOf({ body }: Entry, drive: SimulatedServer): boolean {
  return body.kind === 'mount' && body.drive === drive.driveId;
}
