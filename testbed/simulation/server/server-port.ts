import type { EntryId, Operation, Outcome } from '@driftbox/domain';
import type {
  Arrived,
  ChangesPage,
  PendingOperation,
  SendHooks,
  SentContent,
  Server,
  Settled,
  Unreadable,
  Wanted,
} from '@driftbox/sync-client';
import type { RemoteEntry } from '@driftbox/sync-core';
import { isAsExpected } from '../disk/file-tree.ts';
import type { Held, SimulatedDisk } from '../disk/simulated-disk.ts';
import { pause, type Ground, type Process } from '../ground.ts';
import { call, type Link } from './network.ts';
import type { Door } from './door.ts';

/** An operation made ready for a commit. */
type Ready = { readonly pending: PendingOperation; readonly content: SentContent | undefined; readonly isQuestion: boolean };

/** A baseRev that no entry has: the commit rule answers a known writeId before it looks, and otherwise refuses. */
const noSuchRev = 2 ** 31;

/** The server as one process of a client reaches it: over a network that may fail it. */
export class ServerPort implements Server {
  readonly #ground: Ground;
  readonly #process: Process;
  readonly #link: Link;
  readonly #server: Door;
  readonly #disk: SimulatedDisk;
  readonly #state: Held;

  constructor(ground: Ground, process: Process, link: Link, server: Door, disk: SimulatedDisk, state: Held) {
    this.#ground = ground;
    this.#process = process;
    this.#link = link;
    this.#server = server;
    this.#disk = disk;
    this.#state = state;
  }

  changes(after: string | undefined, limit: number): Promise<ChangesPage> {
    const { pageLimit } = this.#ground.weather;
    return this.#call('changes', () => this.#server.changes(after, Math.min(limit, pageLimit)));
  }

  below(folderId: EntryId): Promise<readonly RemoteEntry[]> {
    return this.#call('below', () => this.#server.below(folderId));
  }

  async send(epoch: string, operations: readonly PendingOperation[], hooks: SendHooks): Promise<void> {
    for (let at = 0; at < operations.length;) {
      const batch = this.#batchFrom(operations.slice(at));
      await this.#sendBatch(epoch, batch, hooks);
      at += batch.length;
    }
  }

  /** A whole group, or some operations without one. */
  #batchFrom(operations: readonly PendingOperation[]): readonly PendingOperation[] {
    const group = operations[0]?.group;
    const end = operations.findIndex((operation) => operation.group !== group);
    const alike = end === -1 ? operations : operations.slice(0, end);
    return group === undefined ? alike.slice(0, this.#ground.random.integer(1, this.#ground.weather.batchLimit)) : alike;
  }

  async fetch(wanted: readonly Wanted[], arrived: (wanted: Wanted, content: Arrived | Unreadable) => Promise<void>): Promise<void> {
    const together: (() => Promise<void>)[] = [];
    const tell = async (): Promise<void> => void (await Promise.all(together.splice(0).map((one) => one())));
    try {
      for (const one of wanted) {
        const holds = await this.#call('fetch', () => this.#server.holds(one.remote));
        const content = holds ? await this.#disk.receive(one.remote) : { failed: 'the server no longer has it' };
        together.push(() => arrived(one, content));
        if (together.length >= this.#ground.random.integer(1, this.#ground.weather.batchLimit)) await tell();
      }
    } finally {
      await tell();
    }
  }

  async #sendBatch(epoch: string, batch: readonly PendingOperation[], hooks: SendHooks): Promise<void> {
    const ready: Ready[] = [];
    for (const pending of batch) {
      const one = await this.#prepare(pending);
      if ('result' in one) hooks.settled([{ operation: pending, settled: one }]);
      else ready.push(one);
    }
    const sending = ready.flatMap(({ pending, content }) =>
      content === undefined || pending.content !== undefined ? [] : [{ operation: pending, content }],
    );
    if (sending.length > 0) hooks.sending(sending);
    await pause(this.#ground, this.#process);
    if (ready.length === 0) return;
    const asked = ready.map(toOperation);
    const atomic = batch[0]?.group !== undefined;
    const what = `commit${atomic ? ' as one' : ''} ${asked.map(({ op, writeId }) => `${op} ${writeId.slice(-4)}`).join(', ')}`;
    const outcomes = await this.#call(what, () => this.#server.commit(epoch, asked, atomic));
    hooks.settled(ready.map((one, index) => ({ operation: one.pending, settled: settledOf(one, outcomes[index]!) })));
  }

  async #prepare(pending: PendingOperation): Promise<Ready | Settled> {
    const { operation, source, content } = pending;
    if (operation.op !== 'putFile' || source === undefined) return { pending, content: undefined, isQuestion: false };
    const read = await this.#disk.read(source.path);
    const same = read !== undefined && 'stat' in read && isAsExpected(this.#state.tree.at(source.path), source.stat);
    if (content !== undefined) return { pending, content, isQuestion: !same || read.listId !== content.listId };
    if (read !== undefined && 'failed' in read) return { result: 'failed', reason: read.failed };
    if (!same) return { result: 'source_changed' };
    const { sizeBytes, mtimeMs, executable } = read.stat;
    return { pending, content: { listId: read.listId, sizeBytes, mtimeMs, executable, stat: read.stat }, isQuestion: false };
  }

  #call<T>(what: string, serve: () => T): Promise<T> {
    return call(this.#ground, this.#link, this.#process, what, serve);
  }
}

function toOperation({ pending, content, isQuestion }: Ready): Operation {
  const { operation, writeId } = pending;
  if (isQuestion) return { op: 'setAttributes', entryId: operation.entryId, writeId, baseRev: noSuchRev };
  switch (operation.op) {
    case 'putFile': {
      if (content === undefined) throw new Error('a file without content');
      const { listId, sizeBytes, mtimeMs, executable } = content;
      const chunks = sizeBytes === 0 ? [] : [{ digest: listId, sizeBytes }];
      const { entryId, baseRev, place } = operation;
      return { op: 'putFile', entryId, writeId, baseRev, ...place, content: { listId, sizeBytes, chunks }, mtimeMs, executable };
    }
    case 'putSymlink': {
      const { entryId, baseRev, place, target } = operation;
      return { op: 'putSymlink', entryId, writeId, baseRev, ...place, target, mtimeMs: 0 };
    }
    case 'delete':
      return { ...operation, writeId, seenSeq: pending.seenSeq };
    default:
      return { ...operation, writeId };
  }
}

function settledOf({ content, isQuestion }: Ready, outcome: Outcome): Settled {
  if (isQuestion && outcome.outcome !== 'committed') return { result: 'source_changed' };
  return { result: 'answered', outcome, content };
}
