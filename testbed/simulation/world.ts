import type { Body, MemoryDrive } from '@driftbox/domain';
import { seededRandom } from '@driftbox/testkit';
import { Client, clientOf, idNumber, type Wrap } from './client.ts';
import { Contents, tagOf, type ContentTag } from './contents.ts';
import { FileTree, type Inode } from './disk/file-tree.ts';
import type { Ground } from './ground.ts';
import { Scheduler } from './scheduler.ts';
import type { Kind } from './script.ts';
import { SimulatedServer, type Committed, type Rule } from './server/simulated-server.ts';
import { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

/** Defects to be found: parts of clients wrapped, or a broken commit rule. */
export type Defect = Wrap & { readonly rule?: Rule };

const startMs = Date.UTC(2026, 0, 1);

/** Something that a promise of DriftBox forbids. */
export class Broken extends Error {}

/** Everything one seed plays with: a server, its clients, and what is known of what people saved. */
export class World {
  readonly ground: Ground;
  readonly server: SimulatedServer;
  readonly clients: readonly Client[];
  readonly kind: Kind;
  backup: MemoryDrive | undefined;
  restores = 0;
  webWrites = 0;
  isOver = false;
  /** What went wrong outside of any check: an exception in a client. */
  readonly errors: unknown[] = [];
  readonly commits: Committed[] = [];
  #served = new Set<ContentTag>();

  constructor(seed: number, kind: Kind, tellCases: readonly boolean[], weather: Weather, defect: Defect, keepsTrace: boolean) {
    const scheduler = new Scheduler(startMs);
    const random = seededRandom(seed ^ 0x5eed);
    this.kind = kind;
    this.ground = { scheduler, random, trace: new Trace(keepsTrace), contents: new Contents(), weather };
    this.server = new SimulatedServer(() => scheduler.nowMs, defect.rule);
    this.server.onCommit = (committed) => this.#noteCommit(committed);
    const onError = (error: unknown) => void this.errors.push(error);
    this.clients = tellCases.map((tellsCases, index) => {
      const tree = new FileTree(() => scheduler.nowMs, random.pick([1, 1, 10, 1_000]), tellsCases);
      return new Client(index, this.ground, this.server, defect, tree, onError);
    });
  }

  start(client: Client): void {
    client.start(() => this.isOver);
  }

  /** True once the server keeps a content, as what is or as what was. */
  isServed(tag: ContentTag): boolean {
    return this.#served.has(tag);
  }

  /** Contents on some disk, in the tree or put aside. */
  onDisks(): Set<ContentTag> {
    const tags = new Set<ContentTag>();
    const add = (inode: Inode): void => {
      if (inode.kind === 'file') tags.add(inode.content);
      for (const child of inode.children.values()) add(child);
    };
    for (const { disk } of this.clients) {
      add(disk.tree.root);
      for (const inode of [...disk.stash.values(), ...(disk.takenAway?.values() ?? [])]) add(inode);
    }
    return tags;
  }

  /** Contents that somebody just overwrote or deleted, or a loss of power took: gone for good if that was all there was. */
  letGo(tags: Iterable<ContentTag>): void {
    const held = this.onDisks();
    for (const tag of tags) if (!held.has(tag) && !this.isServed(tag)) this.ground.contents.giveUp(tag);
  }

  /**
   * The drive goes back to its backup; what only its later history and trash held is lost with it, also where a device still has
   * it and is about to replace or remove it.
   */
  restore(): void {
    if (this.backup === undefined) return;
    this.restores += 1;
    const current = tagsOf([...this.server.drive.entries.values()].filter((entry) => this.server.isLive(entry)));
    const replaced = [...this.#served].filter((tag) => !current.has(tag));
    this.server.restore(this.backup, `epoch ${this.restores + 1}`);
    this.#served = tagsOf([...this.server.drive.revisions.values()].flat());
    for (const tag of replaced) if (!this.isServed(tag)) this.ground.contents.giveUp(tag);
    this.letGo(this.ground.contents.kept);
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
    for (const client of this.clients) client.notice(committed.result.seq);
  }
}

function tagsOf(states: Iterable<{ readonly body: Body }>): Set<ContentTag> {
  const tags = new Set<ContentTag>();
  for (const { body } of states) if (body.kind === 'file') tags.add(tagOf(body.content.listId));
  return tags;
}
