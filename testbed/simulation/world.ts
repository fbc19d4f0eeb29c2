import { can, type Body, type MemoryDrive } from '@driftbox/domain';
import { seededRandom } from '@driftbox/testkit';
import { Client, clientOf, idNumber, type Wrap } from './client.ts';
import { Contents, tagOf, type ContentTag } from './contents.ts';
import { FileTree } from './disk/file-tree.ts';
import type { Ground } from './ground.ts';
import { Scheduler } from './scheduler.ts';
import type { Kind } from './script.ts';
import { userOf, type Committed, type Rule, type SimulatedServer } from './server/simulated-server.ts';
import { Cell, type CellSize } from './sharing/cell.ts';
import { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

/** Defects to be found: parts of clients wrapped, or a broken commit rule. */
export type Defect = Wrap & { readonly rule?: Rule; readonly asksNoRole?: boolean };

/** What one seed plays with. */
export type WorldOptions = {
  readonly seed: number;
  readonly kind: Kind;
  /** For each client. */
  readonly tellCases: readonly boolean[];
  readonly weather: Weather;
  readonly defect: Defect;
  readonly keepsTrace: boolean;
  readonly size: CellSize;
};

const startMs = Date.UTC(2026, 0, 1);

/** Something that a promise of DriftBox forbids. */
export class Broken extends Error {}

/** Everything one seed plays with: a server, its clients, and what is known of what people saved. */
export class World {
  readonly ground: Ground;
  readonly cell: Cell;
  readonly clients: readonly Client[];
  readonly kind: Kind;
  readonly backups = new Map<SimulatedServer, MemoryDrive>();
  restores = 0;
  webWrites = 0;
  isOver = false;
  /** What went wrong outside of any check: an exception in a client. */
  readonly errors: unknown[] = [];
  readonly commits: Committed[] = [];
  /** Who saved a content, or put it where it is by hand. */
  readonly #heldBy = new Map<ContentTag, Set<number>>();
  /** Who moved or renamed a file with a content. */
  readonly #movedBy = new Map<ContentTag, Set<number>>();
  #served = new Set<ContentTag>();
  /** What the server had, and a restore took. */
  readonly #forgotten = new Map<ContentTag, SimulatedServer>();

  constructor({ seed, kind, tellCases, weather, defect, keepsTrace, size }: WorldOptions) {
    const scheduler = new Scheduler(startMs);
    const random = seededRandom(seed ^ 0x5eed);
    this.kind = kind;
    this.ground = { scheduler, random, trace: new Trace(keepsTrace), contents: new Contents(), weather };
    this.cell = new Cell(() => scheduler.nowMs, size, defect);
    for (const server of this.cell.drives) this.hear(server);
    const onLeaving = (person: number, tags: readonly ContentTag[]) => this.hold(person, tags);
    const onError = (error: unknown) => void this.errors.push(error);
    this.clients = tellCases.map((tellsCases, index) => {
      const tree = new FileTree(() => scheduler.nowMs, random.pick([1, 1, 10, 1_000]), tellsCases);
      return new Client({
        index,
        person: index % size.people,
        ground: this.ground,
        cell: this.cell,
        wrap: defect,
        tree,
        onError,
        onLeaving,
      });
    });
  }

  start(client: Client): void {
    client.start(() => this.isOver);
  }

  /** Notes what is written in a drive. */
  hear(server: SimulatedServer): void {
    server.onCommit = (committed) => this.#noteCommit(committed);
  }

  /** Wakes who may see something new there. */
  tell(server: SimulatedServer): void {
    for (const client of this.clients) if (this.mayRead(client.person, server)) client.notice(server);
  }

  /** True once the server keeps a content, as what is or as what was. */
  isServed(tag: ContentTag): boolean {
    return this.#served.has(tag);
  }

  /** Contents on some disk, in the tree or put aside. */
  onDisks(clients = this.clients): Set<ContentTag> {
    const tags = new Set<ContentTag>();
    for (const client of clients) {
      const { disk } = client;
      for (const inode of [disk.tree.root, ...disk.stash.values(), ...(disk.takenAway?.values() ?? [])])
        for (const tag of client.contentsOf(inode)) tags.add(tag);
    }
    return tags;
  }

  /** Contents that somebody just overwrote or deleted, or a loss of power took: gone for good if that was all there was. */
  letGo(tags: Iterable<ContentTag>): void {
    const held = this.onDisks();
    for (const tag of tags) if ((!held.has(tag) || this.#isAboutToGo(tag)) && !this.isServed(tag)) this.ground.contents.giveUp(tag);
  }

  /**
   * The drive goes back to its backup; what only its later history and trash held is lost with it, also where a device still has
   * it and is about to replace or remove it.
   */
  restore(server: SimulatedServer): void {
    const backup = this.backups.get(server);
    if (backup === undefined) return;
    this.restores += 1;
    const { drives } = this.cell;
    const current = liveIn(drives);
    const replaced = [...this.#served].filter((tag) => !current.has(tag));
    const before = historyOf([server]);
    server.restore(backup, `epoch ${this.restores + 1}`);
    this.#served = historyOf(drives);
    const left = historyOf([server]);
    const forgotten = [...before].filter((tag) => !left.has(tag));
    for (const tag of forgotten) this.#forgotten.set(tag, server);
    // Whoever has it, or gets it just now, keeps it, wherever that leads: a device that has not heard of the restore cannot tell what is
    // forgotten from what lay in the trash, or from what somebody replaces meanwhile.
    for (const { person } of this.clients) if (this.mayRead(person, server)) this.hold(person, before);
    // Nor is what only devices have of it from which it is about to go.
    const stays = this.onDisks(this.clients.filter((client) => this.#keeps(client, server) || server.drive.drive.kind === 'home'));
    const goes = [...current].filter((tag) => !stays.has(tag));
    for (const tag of [...replaced, ...goes]) if (!this.isServed(tag)) this.ground.contents.giveUp(tag);
    this.letGo(this.ground.contents.kept);
  }

  /** Its person may see the drive, and it does not just remove what that had. */
  #keeps(client: Client, server: SimulatedServer): boolean {
    return this.mayRead(client.person, server) && !client.isClearing(server);
  }

  /** Forgotten by a restore, and on no device but of those from which it is about to go. */
  #isAboutToGo(tag: ContentTag): boolean {
    const server = this.#forgotten.get(tag);
    return server !== undefined && !this.onDisks(this.clients.filter((client) => this.#keeps(client, server))).has(tag);
  }

  /** Who may not see a restored drive any longer: their device that has not heard of the restore takes what that forgot for deleted. */
  letGoForgotten(): void {
    this.letGo(this.#forgotten.keys());
  }

  readonly mayRead = (person: number, server: SimulatedServer): boolean =>
    can({ role: this.cell.roleOf(server, person) }, 'read', server.drive.drive);

  /** Somebody saved contents, or put them into a drive by hand: then they may be there. */
  hold(person: number, tags: Iterable<ContentTag>): void {
    note(this.#heldBy, person, tags);
  }

  /** Somebody moved or renamed what is in a drive. */
  moved(person: number, tags: Iterable<ContentTag>): void {
    note(this.#movedBy, person, tags);
  }

  isHeldBy(person: number, tag: ContentTag): boolean {
    return this.#heldBy.get(tag)?.has(person) ?? false;
  }

  /** Moved by somebody, and deleted by somebody else before that was known: then it is new where it was moved to, as their work. */
  isKeptBy(person: number, tag: ContentTag): boolean {
    return !liveIn(this.cell.shared).has(tag) && (this.#movedBy.get(tag)?.has(person) ?? false);
  }

  /** True in a world in which some disk takes `a` and `A` for one name. */
  get hasBlindDisks(): boolean {
    return this.clients.some(({ disk }) => !disk.tree.tellsCases);
  }

  /** What a mishap took out of a folder was not deleted by anybody. */
  #noteDeletes({ request }: Committed): void {
    for (const { index, disk, mishapFrom } of this.clients) {
      if (disk.takenAway === undefined) continue;
      const deleted = request.operations.find(
        ({ op, writeId }) => op === 'delete' && clientOf(writeId) === index && idNumber(writeId) > mishapFrom,
      );
      if (deleted !== undefined) this.errors.push(new Broken(`client ${index} deleted what a mishap had taken away`));
    }
  }

  /** Whoever wrote had the right to, at that moment. */
  #noteWriter({ request, result, server }: Committed): void {
    if (result.result !== 'done' || result.changes.length === 0) return;
    const person = this.cell.homes.findIndex((_home, index) => userOf(index) === request.author.by);
    if (!can({ role: this.cell.roleOf(server, person) }, 'write', server.drive.drive))
      this.errors.push(new Broken(`person ${person} wrote without the right to`));
  }

  /** No client ever leaves a temporary name on the server, not for a moment. One that somebody else left may get new content. */
  #noteTemporaryNames({ request, result }: Committed): void {
    if (result.result !== 'done') return;
    // Asked again, an operation answers as it did then, and has moved nothing now.
    const now = new Set(result.changes.map(({ seq }) => seq));
    const moved = request.operations.filter(({ op, writeId }, index) => {
      const outcome = result.outcomes[index];
      return op === 'move' && outcome?.outcome === 'committed' && now.has(outcome.seq) && clientOf(writeId) < this.clients.length;
    });
    const names = result.entries.filter(({ entryId }) => moved.some((operation) => operation.entryId === entryId));
    const left = names.find(({ name }) => name.startsWith('.driftbox-'));
    if (left !== undefined) this.errors.push(new Broken(`anybody can see ${left.name}`));
  }

  #noteCommit(committed: Committed): void {
    this.commits.push(committed);
    if (committed.result.result !== 'done') return;
    this.#noteTemporaryNames(committed);
    this.#noteDeletes(committed);
    for (const tag of tagsOf(committed.result.revisions)) this.#served.add(tag);
    this.#noteWriter(committed);
    this.tell(committed.server);
  }
}

/** All that drives ever had, as they remember it. */
function historyOf(drives: readonly SimulatedServer[]): Set<ContentTag> {
  return tagsOf(drives.flatMap(({ drive }) => [...drive.revisions.values()].flat()));
}

/** What is in drives right now. */
function liveIn(servers: readonly SimulatedServer[]): Set<ContentTag> {
  return tagsOf(servers.flatMap((one) => [...one.drive.entries.values()].filter((entry) => one.isLive(entry))));
}

function note(by: Map<ContentTag, Set<number>>, person: number, tags: Iterable<ContentTag>): void {
  for (const tag of tags) by.set(tag, (by.get(tag) ?? new Set()).add(person));
}

function tagsOf(states: Iterable<{ readonly body: Body }>): Set<ContentTag> {
  const tags = new Set<ContentTag>();
  for (const { body } of states) if (body.kind === 'file') tags.add(tagOf(body.content.listId));
  return tags;
}
