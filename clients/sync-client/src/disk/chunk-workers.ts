import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { ChunkRef } from '@driftbox/domain';
import type { CutAnswer } from './chunk-worker.ts';

type Job = { readonly descriptor: number; readonly resolve: (chunks: ChunkRef[]) => void; readonly reject: (error: Error) => void };

/** Threads at most: they share the disk, and leave a core to everything else. */
const maxThreads = 4;

/** Threads that cut and hash large files, so that the process stays awake meanwhile. They start when first needed. */
export class ChunkWorkers {
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  readonly #waiting: Job[] = [];
  readonly #most: number;

  constructor(threads: number = Math.max(1, Math.min(maxThreads, availableParallelism() - 1))) {
    this.#most = threads;
  }

  /** The chunks of an open file, read from its start; the descriptor stays the caller's. Throws what the file system says. */
  cut(descriptor: number): Promise<ChunkRef[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ descriptor, resolve, reject });
      this.#next();
    });
  }

  /** Ends the threads; what was not answered fails. */
  async close(): Promise<void> {
    for (const job of this.#waiting.splice(0)) job.reject(new Error('closed'));
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #next(): void {
    if (this.#waiting.length === 0) return;
    const worker = this.#idle.pop() ?? (this.#all.size < this.#most ? this.#start() : undefined);
    const job = worker === undefined ? undefined : this.#waiting.shift();
    if (worker !== undefined && job !== undefined) this.#run(worker, job);
  }

  #run(worker: Worker, job: Job): void {
    const done = (answer: CutAnswer): void => {
      worker.off('error', failed).off('exit', ended);
      worker.unref();
      this.#idle.push(worker);
      if ('chunks' in answer) job.resolve(answer.chunks);
      else job.reject(Object.assign(new Error(answer.message), { code: answer.code }));
      this.#next();
    };
    const failed = (error: unknown): void => {
      worker.off('message', done).off('exit', ended);
      this.#all.delete(worker);
      job.reject(error instanceof Error ? error : new Error(String(error)));
      this.#next();
    };
    const ended = (): void => failed(new Error('the thread ended'));
    worker.once('message', done).once('error', failed).once('exit', ended);
    // A process may end while threads are idle, not while somebody waits for one.
    worker.ref();
    worker.postMessage(job.descriptor);
  }

  #start(): Worker {
    const worker = new Worker(new URL('chunk-worker.ts', import.meta.url), { execArgv: ['--no-warnings'] });
    this.#all.add(worker);
    return worker;
  }
}
