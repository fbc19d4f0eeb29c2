import { parseEntryId, parseWriteId } from '@driftbox/domain';
import type { EntryId, Name } from '@driftbox/domain';
import { Problem, routes } from '@driftbox/protocol';
import type { Drive } from '@driftbox/protocol';
import type { Client } from '@driftbox/api-client';
import { BatchSender, LocalError, createAsker, newId, problemOf, sendFile } from '@driftbox/transfer';
import type { Batch, FileSender, SendOutcome } from '@driftbox/transfer';
import { keyOf } from './local-item.ts';
import type { LeftOut, RelativePath } from './local-item.ts';
import type { FileStep, PutPlan } from './plan-put.ts';
import type { Progress } from './progress.ts';
import type { UploadState } from './upload-state.ts';
import { reason } from './walk-tree.ts';

/** A plan, where it is carried out, and who is told. */
export type PutTask = {
  readonly client: Client;
  readonly drive: Drive;
  readonly plan: PutPlan;
  /** The folder that receives the root of the transfer, and the root's name in it. */
  readonly place: { readonly parentId: EntryId; readonly name: Name; readonly missing: readonly Name[] };
  /** Folders that exist on the server, by `keyOf` their path below the root of the transfer. */
  readonly folders: ReadonlyMap<string, EntryId>;
  readonly upload: UploadState;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

/** What was done: how many of each kind, and their payload bytes on the wire. */
export type PutDone = {
  readonly files: number;
  readonly folders: number;
  readonly symlinks: number;
  readonly sentBytes: number;
  readonly failed: readonly LeftOut[];
};

type Made = { readonly id: EntryId; readonly batch: Batch | undefined };

/** Carries out a plan. What fails for one item is told in `failed`; what concerns the whole run (no quota, no server) is thrown. */
export async function putTree(task: PutTask): Promise<PutDone> {
  const run = new PutRun(task);
  await run.folders();
  await run.symlinks();
  await run.files(task.plan.files, false);
  await run.finish();
  const again = run.takeLacking();
  if (again.length > 0) {
    await run.files(again, true);
    await run.finish();
  }
  await run.close();
  return run.done;
}

class PutRun {
  readonly #task: PutTask;
  readonly #made = new Map<string, Made>();
  readonly #failed: LeftOut[] = [];
  #lacking: FileStep[] = [];
  #counts = { files: 0, folders: 0, symlinks: 0 };
  #sentBytes = 0;
  #sender: BatchSender;
  #fatal: Problem | undefined;

  constructor(task: PutTask) {
    this.#task = task;
    this.#sender = this.#newSender();
    for (const [key, id] of task.folders) this.#made.set(key, { id, batch: undefined });
  }

  get done(): PutDone {
    return { ...this.#counts, sentBytes: this.#sentBytes, failed: this.#failed };
  }

  /** All folders first: whatever follows then depends on few requests, and can travel side by side. */
  async folders(): Promise<void> {
    const { place, plan } = this.#task;
    let parent: Made = { id: place.parentId, batch: undefined };
    for (const name of place.missing) parent = await this.#createFolder(parent, name, `/${name}`);
    this.#made.set('..', parent);
    for (const { names, path } of plan.folders) {
      const made = await this.#createFolder(this.#parentOf(names), names.at(-1) ?? place.name, path);
      this.#made.set(keyOf(names), made);
    }
  }

  async symlinks(): Promise<void> {
    for (const { item, base } of this.#task.plan.symlinks) {
      const parent = this.#parentOf(item.names);
      const place =
        base === undefined ? { ...this.#newPlace(item.names, parent), baseRev: null } : { entryId: base.entryId, baseRev: base.rev };
      const operation = {
        op: 'putSymlink' as const,
        writeId: newId(parseWriteId),
        ...place,
        target: item.target,
        mtime: new Date(item.mtimeMs).toISOString(),
      };
      await this.#sender.commit(
        operation,
        [],
        batches(parent),
        this.#settle(item.path, () => (this.#counts.symlinks += 1)),
      );
    }
  }

  async files(steps: readonly FileStep[], whole: boolean): Promise<void> {
    const { client, drive, upload, signal, progress } = this.#task;
    const sizeBytes = steps.reduce((sum, step) => sum + step.item.sizeBytes, 0);
    const asker = createAsker({ client, drive, uploadId: upload.uploadId, sizeBytes, resumed: upload.resumed() });
    const at: FileSender = { client, drive, sender: this.#sender, asker, signal, progressed: (bytes) => progress.bytes(bytes) };
    for (const step of steps) {
      signal.throwIfAborted();
      if (this.#fatal !== undefined) throw this.#fatal;
      const { base, item } = step;
      const { names, path } = item;
      const parent = this.#parentOf(names);
      const target = base === undefined ? this.#newPlace(names, parent) : { base };
      const settle = this.#settle(path, () => (this.#counts.files += 1), whole ? undefined : () => this.#lacking.push(step));
      try {
        await sendFile(at, { path, target, writeId: newId(parseWriteId), needs: batches(parent), whole }, settle);
      } catch (error) {
        if (!(error instanceof LocalError) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
        this.#failed.push({ path, why: error instanceof LocalError ? error.message : reason(error), fault: true });
      }
      progress.file();
    }
  }

  async finish(): Promise<void> {
    await this.#sender.finish();
    if (this.#fatal !== undefined) throw this.#fatal;
  }

  /** Files of which the server turned out to lack chunks; they are sent again, whole. */
  takeLacking(): readonly FileStep[] {
    const lacking = this.#lacking;
    this.#lacking = [];
    this.#sender = this.#newSender();
    return lacking;
  }

  async close(): Promise<void> {
    const { client, drive, upload } = this.#task;
    if (!upload.opened()) return;
    const uploadId = await upload.uploadId();
    await upload.forget();
    await client.call(routes.closeUpload, { params: { drive: drive.drive, upload: uploadId } }).catch((error: unknown) => {
      // It expires by itself; what matters is committed.
      if (!(error instanceof Problem)) throw error;
    });
  }

  async #createFolder(parent: Made, name: Name, path: string): Promise<Made> {
    const id = newId(parseEntryId);
    const operation = { op: 'createFolder' as const, writeId: newId(parseWriteId), entryId: id, parentId: parent.id, name };
    const batch = await this.#sender.commit(
      operation,
      [],
      batches(parent),
      this.#settle(path, () => (this.#counts.folders += 1)),
    );
    return { id, batch };
  }

  #parentOf(names: RelativePath): Made {
    const key = names.length === 0 ? '..' : keyOf(names.slice(0, -1));
    const made = this.#made.get(key);
    if (made === undefined) throw new TypeError(`no folder for ${keyOf(names)}`);
    return made;
  }

  /** A new entry under a folder of this run. */
  #newPlace(names: RelativePath, parent: Made) {
    return { entryId: newId(parseEntryId), parentId: parent.id, name: names.at(-1) ?? this.#task.place.name };
  }

  #newSender(): BatchSender {
    const { client, drive, upload, progress } = this.#task;
    return new BatchSender({
      client,
      drive,
      uploadId: upload.uploadId,
      uploadOpen: upload.opened,
      sent: (bytes) => {
        this.#sentBytes += bytes;
        progress.sent(bytes);
      },
    });
  }

  #settle(path: string, committed: () => void, lacking?: () => void): (outcome: SendOutcome) => void {
    return (outcome) => {
      if (outcome.outcome === 'committed' || outcome.outcome === 'unchanged') return committed();
      if (outcome.outcome === 'chunk_missing' && lacking !== undefined) return lacking();
      const problem = problemOf(outcome);
      if (problem.code === 'quota_exceeded') this.#fatal ??= problem;
      this.#failed.push({ path, why: problem.message, fault: true });
    };
  }
}

function batches(made: Made): Batch[] {
  return made.batch === undefined ? [] : [made.batch];
}
