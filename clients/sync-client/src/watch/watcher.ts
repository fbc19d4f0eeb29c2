import type { LocalPath } from '../ports/disk.ts';

/** What a watcher says. Every word of it is a hint: things may go unsaid, and what is said may be old. */
export type WatchListener = {
  /** Something happened at these paths. */
  readonly changed: (paths: readonly LocalPath[]) => void;
  /** More happened than could be told, or the watcher broke: look at everything. */
  readonly overflowed: (reason: string) => void;
};

/** Watches until `close`. */
export type Watcher = { close(): Promise<void> };

/** One way to watch a folder and all in it, except what DriftBox itself does in its own place. Throws when it cannot. */
export type Watch = (folder: string, listener: WatchListener) => Promise<Watcher>;
