/**
 * Shares folder syncs between concurrent writers: whoever asks while one runs waits for the next, which then serves all
 * who asked meanwhile (the running one may have begun before their names were in the folder).
 */
export class FolderSyncs {
  readonly #sync: (path: string) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(sync: (path: string) => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves when a sync of the folder that began after this call has ended. Rejects if that one failed. */
  sync(path: string): Promise<void> {
    const running = this.#running.get(path);
    if (running === undefined) return this.#start(path);
    const waiting = this.#next.get(path);
    if (waiting !== undefined) return waiting;
    const begin = (): Promise<void> => {
      this.#next.delete(path);
      return this.#start(path);
    };
    const next = running.then(begin, begin);
    this.#next.set(path, next);
    return next;
  }

  #start(path: string): Promise<void> {
    const run = this.#sync(path).finally(() => {
      if (this.#running.get(path) === run) this.#running.delete(path);
    });
    this.#running.set(path, run);
    return run;
  }
}
