import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsync,
  ftruncateSync,
  futimesSync,
  openSync,
  fdatasync,
  renameSync,
  rmSync,
  write,
  writeSync,
} from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { promisify } from 'node:util';
import type { FileFacts } from './file-facts.ts';
import { LocalError } from './local-error.ts';

const sync = promisify(fsync);
const syncBytes = promisify(fdatasync);
const writeBeside = promisify(write);

/** Fewer bytes than this are written at once, on this thread: asking another one would take longer. */
const smallBytes = 256 << 10;
/** Bytes after which what was written is sent to disk while more comes in, so that little is left to wait for at the end. */
const syncEveryBytes = 64 << 20;

/** Where a fetched file goes. */
export type Placement = {
  /** The same as `temporary` where it is only to be made whole, for the caller to place it. */
  readonly target: string;
  /** Where its bytes gather: in the same file system, and nobody else's. What an earlier run left there is gone on from. */
  readonly temporary: string;
  /**
   * Called when all bytes are on disk, right before the file takes its place; by throwing it stops that. Synchronous, so
   * that nothing of this process comes between what it sees and the rename.
   */
  readonly confirm?: () => void;
};

/**
 * A file that is being fetched: bytes gather in a temporary file, and only the whole of it, on disk, takes the place. Until
 * then the place is as it was.
 */
export class IncomingFile {
  readonly temporary: string;
  readonly #placement: Placement;
  readonly #fd: number;
  /** Work of other threads on the file. Its number must stay its own until that is done. */
  readonly #working = new Set<Promise<unknown>>();
  #open = true;
  #unsyncedBytes = 0;
  #syncing: Promise<void> | undefined;

  constructor(placement: Placement) {
    this.#placement = placement;
    this.temporary = placement.temporary;
    // Never through a link that somebody put there.
    this.#fd = openSync(this.temporary, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o666);
  }

  /** Puts bytes at their place; they must not change before the answer. */
  async write(bytes: Uint8Array, offset: number): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      // Its number may be another file's by now.
      if (!this.#open) throw new LocalError('was given up');
      const [left, at] = [bytes.length - written, offset + written];
      if (left < smallBytes) written += writeSync(this.#fd, bytes, written, left, at);
      else written += (await this.#work(writeBeside(this.#fd, bytes, written, left, at))).bytesWritten;
    }
    this.#unsyncedBytes += bytes.length;
    if (this.#unsyncedBytes >= syncEveryBytes && this.#syncing === undefined && this.#open) this.#syncMeanwhile();
  }

  /** Puts the file in its place, with time and executable bit. Answers what it looks like there; throws what `confirm` throws. */
  async finish(facts: FileFacts): Promise<BigIntStats> {
    await this.#syncing;
    // An earlier run may have left more than this file is long.
    ftruncateSync(this.#fd, facts.sizeBytes);
    const { mode } = fstatSync(this.#fd);
    const wanted = facts.executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
    if (wanted !== mode) fchmodSync(this.#fd, wanted & 0o777);
    // In seconds a millisecond is no exact number, and what is below a nanosecond is dropped: aim past the edge. As text,
    // because a negative number would be taken for the present.
    const seconds = String((facts.mtimeMs + 0.0005) / 1000);
    futimesSync(this.#fd, seconds, seconds);
    await this.#work(sync(this.#fd));
    const before = fstatSync(this.#fd, { bigint: true });
    this.#placement.confirm?.();
    renameSync(this.temporary, this.#placement.target);
    const after = fstatSync(this.#fd, { bigint: true });
    this.#open = false;
    closeSync(this.#fd);
    // Its time of change is that of the rename. But what somebody wrote to it since is not what was fetched.
    return after.mtimeNs === before.mtimeNs && after.size === before.size ? after : before;
  }

  /** Gives up. What has gathered is kept for a later run only if asked. */
  async abandon(keep: boolean): Promise<void> {
    const open = this.#open;
    this.#open = false;
    await Promise.allSettled(this.#working);
    if (open) closeSync(this.#fd);
    if (!keep) rmSync(this.temporary, { force: true });
  }

  /** A failure is told by `finish`, which waits for it. */
  #syncMeanwhile(): void {
    this.#unsyncedBytes = 0;
    const run = this.#work(syncBytes(this.#fd)).then(() => void (this.#syncing = undefined));
    run.catch(() => undefined);
    this.#syncing = run;
  }

  async #work<T>(work: Promise<T>): Promise<T> {
    this.#working.add(work);
    try {
      return await work;
    } finally {
      this.#working.delete(work);
    }
  }
}
