import type { DiskOutcome, LocalPath, Stat } from './disk.ts';

/** The drive around one that shows up in it: there stays what was changed here by somebody who may only read. */
export type Refuge = {
  /** Whether this person may only read the drive, asked now. Throws `Offline`. */
  isReadOnly(): Promise<boolean>;
  /**
   * Takes a file, link or whole folder out, in one step, to a folder beside this one. It is kept as it is, and nothing there is written
   * over. `changed` where it is no longer what was seen.
   */
  take(path: LocalPath, seen: Stat): Promise<DiskOutcome>;
};
