import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import type { Client } from '@driftbox/api-client';
import type { Digest } from '@driftbox/domain';
import type { Drive, Problem } from '@driftbox/protocol';
import {
  IncomingFile,
  LocalError,
  Slots,
  concernsContent,
  factsOf,
  fetchPlain,
  getLargeFile,
  partFile,
  sayOfContent,
} from '@driftbox/transfer';
import type { Placement } from '@driftbox/transfer';
import { keyOf } from './local-item.ts';
import type { LeftOut, RelativePath } from './local-item.ts';
import type { GetFileStep, GetPlan } from './plan-get.ts';
import type { Progress } from './progress.ts';
import { reason } from './walk-tree.ts';

/** A plan, where it is carried out, and who is told. */
export type GetTask = {
  readonly client: Client;
  readonly drive: Drive;
  readonly plan: GetPlan;
  /** The place of the root of the transfer on this machine. */
  readonly root: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
};

/** What was done: how many of each kind, and their payload bytes on the wire. */
export type GetDone = {
  readonly files: number;
  readonly folders: number;
  readonly symlinks: number;
  readonly fetchedBytes: number;
  readonly failed: readonly LeftOut[];
};

/** A file of more chunks than one is fetched by itself, in parts. */
const batchDigests = 500;
const batchBytes = 16 * 2 ** 20;
/** Requests on their way at once. */
const inFlight = 3;

/** Carries out a plan. What fails for one item is told in `failed`; what concerns the whole run is thrown. */
export async function getTree(task: GetTask): Promise<GetDone> {
  const run = new GetRun(task);
  run.folders();
  await run.files();
  run.symlinks();
  return run.done;
}

class GetRun {
  readonly #task: GetTask;
  readonly #failed: LeftOut[] = [];
  #counts = { files: 0, folders: 0, symlinks: 0, fetchedBytes: 0 };

  constructor(task: GetTask) {
    this.#task = task;
  }

  get done(): GetDone {
    return { ...this.#counts, failed: this.#failed };
  }

  folders(): void {
    for (const names of this.#task.plan.folders) {
      this.#locally(names, () => {
        mkdirSync(this.#path(names), names.length === 0 ? { recursive: true } : {});
        this.#counts.folders += 1;
      });
    }
  }

  /** Last of all: no file is ever written with a new link on the way to it. */
  symlinks(): void {
    for (const { names, target, replaces } of this.#task.plan.symlinks) {
      this.#locally(names, () => {
        if (replaces) rmSync(this.#path(names));
        symlinkSync(target, this.#path(names));
        this.#counts.symlinks += 1;
      });
    }
  }

  async files(): Promise<void> {
    const slots = new Slots(inFlight);
    let batch: GetFileStep[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const steps = batch;
      batch = [];
      bytes = 0;
      if (steps.length > 0) void (await slots.start(() => this.#small(steps)));
    };
    for (const step of this.#task.plan.files) {
      this.#task.signal.throwIfAborted();
      const { chunks, sizeBytes } = step.entry;
      if (chunks === undefined || chunks.length > 1) {
        await this.#large(step, slots);
        continue;
      }
      if (batch.length >= batchDigests || bytes + sizeBytes > batchBytes) await flush();
      batch.push(step);
      bytes += sizeBytes;
    }
    await flush();
    await slots.drain();
  }

  /** Files of one chunk or none: many of them in one request. */
  async #small(steps: readonly GetFileStep[]): Promise<void> {
    const waiting = new Map<Digest, GetFileStep[]>();
    for (const step of steps) {
      const [chunk] = step.entry.chunks ?? [];
      if (chunk === undefined) await this.#write(step, new Uint8Array(0));
      else waiting.set(chunk.digest, [...(waiting.get(chunk.digest) ?? []), step]);
    }
    const writes: Promise<void>[] = [];
    const { client, drive, signal } = this.#task;
    const damaged = (digest: Digest, problem: Problem): void => {
      for (const { names } of waiting.get(digest) ?? []) this.#fail(names, problem);
    };
    for await (const { digest, bytes, wireBytes } of fetchPlain(client, drive, [...waiting.keys()], { signal, damaged })) {
      this.#counts.fetchedBytes += wireBytes;
      for (const step of waiting.get(digest) ?? []) writes.push(this.#write(step, bytes));
      if (writes.length >= 64) await Promise.all(writes.splice(0));
    }
    await Promise.all(writes);
  }

  async #write(step: GetFileStep, bytes: Uint8Array): Promise<void> {
    const { entry, names } = step;
    try {
      if (bytes.length !== entry.sizeBytes) throw new LocalError('is not as long as the server says');
      const file = new IncomingFile(this.#placement(names));
      try {
        await file.write(bytes, 0);
        await file.finish(factsOf(entry));
      } catch (error) {
        await file.abandon(false);
        throw error;
      }
      this.#counts.files += 1;
    } catch (error) {
      this.#fail(names, error);
    }
    this.#task.progress.bytes(bytes.length);
    this.#task.progress.file();
  }

  async #large(step: GetFileStep, slots: Slots): Promise<void> {
    const { client, drive, progress, signal } = this.#task;
    try {
      const placement = this.#placement(step.names);
      const old = step.replaces ? placement.target : undefined;
      const progressed = (plainBytes: number): void => progress.bytes(plainBytes);
      const done = await getLargeFile({ client, drive, file: step.entry, placement, old, slots, signal, progressed });
      this.#counts.fetchedBytes += done.fetchedBytes;
      this.#counts.files += 1;
    } catch (error) {
      this.#fail(step.names, error);
    }
    progress.file();
  }

  #locally(names: RelativePath, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(names, error);
    }
  }

  /** Notes what concerns one file; throws what concerns all. */
  #fail(names: RelativePath, error: unknown): void {
    const { signal } = this.#task;
    signal.throwIfAborted();
    const path = this.#path(names);
    if (concernsContent(error)) this.#failed.push({ path, why: sayOfContent(error), fault: true });
    else if (error instanceof LocalError) this.#failed.push({ path, why: error.message, fault: true });
    else if ((error as NodeJS.ErrnoException).syscall !== undefined && (error as NodeJS.ErrnoException).code !== 'ENOSPC')
      this.#failed.push({ path, why: reason(error), fault: true });
    else throw error;
  }

  #placement(names: RelativePath): Placement {
    const target = this.#path(names);
    return { target, temporary: partFile(target) };
  }

  #path(names: RelativePath): string {
    return names.length === 0 ? this.#task.root : `${this.#task.root}/${keyOf(names)}`;
  }
}
