import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { Worker } from 'node:worker_threads';

type Job = { readonly resolve: (done: unknown) => void; readonly reject: (error: unknown) => void };
type Answer = { readonly id: number; readonly done?: unknown; readonly failure?: unknown };
type Thread = { readonly worker: Worker; readonly jobs: Map<number, Job>; idle?: NodeJS.Timeout };

/** A thread's own objects are few and small; its collector is to run before what they stand for has piled up. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 };

/**
 * Threads that run one script, which imports only what Node brings, started as they are needed. A job goes to the thread
 * with the fewest: callers bound how many there are by the memory that each of their jobs holds. An idle thread does not
 * keep the process alive, and ends after a while.
 */
export class ThreadPool {
  readonly #script: URL;
  #source: URL | undefined;
  readonly #most: number;
  readonly #idleMs: number;
  readonly #threads = new Set<Thread>();
  #nextId = 0;

  constructor(script: URL, most: number, idleMs = 10_000) {
    this.#script = script;
    this.#most = most;
    this.#idleMs = idleMs;
  }

  /** Has a thread do `work` and answers what its script says. Throws what the job threw, or why its thread died. */
  run(work: unknown): Promise<unknown> {
    const thread = this.#pick();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      thread.jobs.set(id, { resolve, reject });
      clearTimeout(thread.idle);
      thread.worker.ref();
      thread.worker.postMessage({ id, work });
    });
  }

  /** Jobs that have been given and that no thread has begun. */
  get waiting(): number {
    return [...this.#threads].reduce((sum, { jobs }) => sum + Math.max(0, jobs.size - 1), 0);
  }

  /** Ends the threads at once; what they were doing fails. */
  async close(): Promise<void> {
    await Promise.all([...this.#threads].map(({ worker }) => worker.terminate()));
  }

  #pick(): Thread {
    const least = [...this.#threads].sort((a, b) => a.jobs.size - b.jobs.size)[0];
    if (least !== undefined && (least.jobs.size === 0 || this.#threads.size >= this.#most)) return least;
    return this.#start();
  }

  #rest(thread: Thread): void {
    thread.worker.unref();
    clearTimeout(thread.idle);
    thread.idle = setTimeout(() => {
      this.#threads.delete(thread);
      void thread.worker.terminate();
    }, this.#idleMs).unref();
  }

  #start(): Thread {
    this.#source ??= withoutTypes(this.#script);
    const worker = new Worker(this.#source, { name: 'driftbox bytes', resourceLimits, workerData: 'driftbox-threads' });
    const thread: Thread = { worker, jobs: new Map() };
    const end = (error: unknown): void => {
      clearTimeout(thread.idle);
      this.#threads.delete(thread);
      for (const job of thread.jobs.values()) job.reject(error);
      thread.jobs.clear();
    };
    worker.on('message', (answer: Answer) => {
      const job = thread.jobs.get(answer.id);
      thread.jobs.delete(answer.id);
      if (thread.jobs.size === 0) this.#rest(thread);
      if ('failure' in answer) job?.reject(answer.failure);
      else job?.resolve(answer.done);
    });
    worker.on('error', end);
    worker.on('exit', (code) => end(new Error(`a thread ended with ${code}`)));
    worker.unref();
    this.#threads.add(thread);
    return thread;
  }
}

/** Half of what a thread needs is the compiler that takes its script's types away: that is done here, once for all. */
function withoutTypes(script: URL): URL {
  if (!script.pathname.endsWith('.ts')) return script;
  return new URL(`data:text/javascript,${encodeURIComponent(stripTypeScriptTypes(readFileSync(script, 'utf8')))}`);
}
