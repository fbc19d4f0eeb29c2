import {
  closeSync,
  constants,
  fchmodSync,
  fsync,
  ftruncateSync,
  futimesSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { LocalError } from '../exit-codes.ts';
import { partFile } from './part-name.ts';

const sync = promisify(fsync);

/** What a finished file looks like. */
export type Finish = { readonly sizeBytes: number; readonly mtimeMs: number; readonly executable: boolean };

/**
 * A file that is being fetched: bytes gather in a temporary file beside its place, and only the whole of it, on disk, takes
 * the place. Until then the place is as it was.
 */
export class IncomingFile {
  readonly #target: string;
  readonly part: string;
  readonly #fd: number;
  #open = true;

  constructor(target: string) {
    this.#target = target;
    this.part = partFile(target);
    // Never through a link that somebody put there.
    this.#fd = openSync(this.part, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o666);
  }

  write(bytes: Uint8Array, offset: number): void {
    // Its number may be another file's by now.
    if (!this.#open) throw new LocalError('was given up');
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#fd, bytes, written, bytes.length - written, offset + written);
  }

  /** Puts the file in its place, with time and executable bit. */
  async finish(how: Finish): Promise<void> {
    // An earlier run may have left more than this file is long.
    ftruncateSync(this.#fd, how.sizeBytes);
    const { mode } = statSync(this.part);
    const wanted = how.executable ? mode | ((mode & 0o444) >> 2) : mode & ~0o111;
    if (wanted !== mode) fchmodSync(this.#fd, wanted & 0o777);
    futimesSync(this.#fd, how.mtimeMs / 1000, how.mtimeMs / 1000);
    await sync(this.#fd);
    this.#close();
    renameSync(this.part, this.#target);
  }

  /** Gives up. What has gathered is kept for a later run only if asked. */
  abandon(keep: boolean): void {
    this.#close();
    if (!keep) rmSync(this.part, { force: true });
  }

  #close(): void {
    if (!this.#open) return;
    this.#open = false;
    closeSync(this.#fd);
  }
}
