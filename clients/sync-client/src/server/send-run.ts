import assert from 'node:assert/strict';
import { BatchSender, LocalError, createAsker } from '@driftbox/transfer';
import type { Asker, Batch, SentOperation } from '@driftbox/transfer';
import type { EntryId } from '@driftbox/domain';
import type { WireOutcome } from '@driftbox/protocol';
import { reasonOf } from '../disk/outcome-of-error.ts';
import { groupsOf } from '../groups-of.ts';
import type { PendingOperation, SendHooks, SentContent, Settled } from '../ports/server.ts';
import type { Connection } from './connection.ts';
import { OpenUpload } from './open-upload.ts';
import { SourceChanged, readSource } from './read-source.ts';
import { plainOperation, probeOperation } from './wire-operation.ts';

type Result = { readonly operation: PendingOperation; readonly settled: Settled };

/**
 * Sends operations: each in as full a request as there is, several requests on their way, and none before those that it
 * builds on were answered. What is in a folder that this run makes waits for the folder, what follows a move or a delete for
 * that (it may free a name), and a move or delete for all before it.
 */
export class SendRun {
  readonly #at: Connection;
  readonly #hooks: SendHooks;
  readonly #upload: OpenUpload;
  readonly #asker: Asker;
  readonly #sender: BatchSender;
  /** Requests that commit something of this run. */
  readonly #batches = new Set<Batch>();
  readonly #byEntry = new Map<EntryId, Batch>();
  #barrier: Batch | undefined;
  readonly #contents = new Map<string, { readonly operation: PendingOperation; readonly content: SentContent }>();
  #results: Result[] = [];
  #lacking: PendingOperation[] = [];

  constructor(at: Connection, hooks: SendHooks, operations: readonly PendingOperation[]) {
    this.#at = at;
    this.#hooks = hooks;
    this.#upload = new OpenUpload(at.uploadFile);
    const { client, drive } = at;
    const uploadId = async () => this.#upload.id();
    const sizeBytes = operations.reduce((sum, { source }) => sum + (source?.stat.sizeBytes ?? 0), 0);
    this.#asker = createAsker({ client, drive, uploadId, sizeBytes, resumed: this.#upload.resumed });
    this.#sender = new BatchSender({
      client,
      drive,
      uploadId,
      uploadOpen: () => this.#upload.opened,
      sending: (sent) => this.#tellSending(sent),
      sent: () => this.#tellSettled(),
    });
  }

  /** Sends all; answers those of which the server turned out to lack chunks, which were not settled. */
  async run(operations: readonly PendingOperation[], whole: boolean): Promise<readonly PendingOperation[]> {
    for (const group of groupsOf(operations, (operation) => operation.group)) {
      this.#at.signal.throwIfAborted();
      if (group[0]?.group !== undefined) await this.#addTogether(group);
      else for (const operation of group) await this.#add(operation, whole);
    }
    await this.#sender.finish();
    if (this.#lacking.length === 0) await this.#upload.close(this.#at.client, this.#at.drive);
    return this.#lacking;
  }

  async #add(operation: PendingOperation, whole: boolean): Promise<void> {
    const plain = plainOperation(operation);
    if (plain !== undefined) return this.#commit(operation, plain);
    try {
      await this.#addContent(operation, whole);
    } catch (error) {
      if (error instanceof SourceChanged) return this.#commitProbe(operation, { result: 'source_changed' });
      const own = error instanceof LocalError || (error as NodeJS.ErrnoException).syscall !== undefined;
      if (!own) throw error;
      return this.#commitProbe(operation, { result: 'failed', reason: error instanceof LocalError ? error.message : reasonOf(error) });
    }
  }

  async #addTogether(group: readonly PendingOperation[]): Promise<void> {
    const pending = group.map((operation) => {
      const plain = plainOperation(operation);
      assert.ok(plain !== undefined, 'nothing in a group has bytes');
      return { operation: plain, settle: (outcome: WireOutcome) => this.#answered(operation, outcome, undefined) };
    });
    const batch = await this.#sender.commitTogether(pending, this.#batches);
    for (const operation of group) this.#note(operation, batch);
  }

  async #addContent(operation: PendingOperation, whole: boolean): Promise<void> {
    const at = { ...this.#at, sender: this.#sender, asker: this.#asker, progressed: this.#at.progress.sent };
    const { wire, content, parcel } = await readSource(at, operation, whole);
    this.#contents.set(operation.writeId, { operation, content });
    const lacking = (): void => void this.#lacking.push(operation);
    const batch = await this.#sender.commit(wire, parcel.own, [...parcel.needs, ...this.#needs(operation)], (outcome) =>
      outcome.outcome === 'chunk_missing' && !whole ? lacking() : this.#answered(operation, outcome, content),
    );
    this.#note(operation, batch);
  }

  /** What cannot be sent as it was: if it may have been committed the server is asked, in a way that commits nothing. */
  async #commitProbe(operation: PendingOperation, otherwise: Settled): Promise<void> {
    if (operation.content === undefined) return this.#hooks.settled([{ operation, settled: otherwise }]);
    const settle = (outcome: WireOutcome): void => {
      if (outcome.outcome === 'committed') this.#answered(operation, outcome, operation.content);
      else this.#results.push({ operation, settled: otherwise });
    };
    this.#note(operation, await this.#sender.commit(probeOperation(operation), [], this.#needs(operation), settle));
  }

  async #commit(operation: PendingOperation, wire: SentOperation): Promise<void> {
    const batch = await this.#sender.commit(wire, [], this.#needs(operation), (outcome) => this.#answered(operation, outcome, undefined));
    this.#note(operation, batch);
  }

  #needs({ operation }: PendingOperation): Batch[] {
    if (operation.op === 'move' || operation.op === 'delete') return [...this.#batches];
    const place = 'place' in operation ? operation.place : 'parentId' in operation ? operation : undefined;
    const folder = place === undefined ? undefined : this.#byEntry.get(place.parentId);
    return [folder, this.#byEntry.get(operation.entryId), this.#barrier].filter((batch) => batch !== undefined);
  }

  #note({ operation }: PendingOperation, batch: Batch): void {
    this.#batches.add(batch);
    this.#byEntry.set(operation.entryId, batch);
    if (operation.op === 'move' || operation.op === 'delete') this.#barrier = batch;
  }

  #answered(operation: PendingOperation, outcome: WireOutcome, content: SentContent | undefined): void {
    this.#results.push({ operation, settled: { result: 'answered', outcome, ...(content === undefined ? {} : { content }) } });
  }

  #tellSending(sent: readonly SentOperation[]): void {
    const contents = sent.flatMap(({ writeId }) => this.#contents.get(writeId) ?? []);
    for (const { operation } of contents) this.#contents.delete(operation.writeId);
    if (contents.length > 0) this.#hooks.sending(contents);
  }

  #tellSettled(): void {
    const results = this.#results;
    this.#results = [];
    if (results.length > 0) this.#hooks.settled(results);
  }
}
