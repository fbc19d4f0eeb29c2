/** Everything that bounds a commit. A cell may configure each within `maximumLimits`. */
export type Limits = {
  /** Operations in one commit. */
  readonly operations: number;
  /** Bytes of a file. */
  readonly fileBytes: number;
  /** Folders from the root down to an entry, the entry counted; checked where an entry is created or moved to. */
  readonly depth: number;
  /** Changes by others, after `seenSeq`, that a folder delete will look through; with more it is refused. */
  readonly seenChanges: number;
};

const tebibyte = 2 ** 40;

/** What holds unless configured otherwise. */
export const defaultLimits: Limits = { operations: 1_000, fileBytes: 5 * tebibyte, depth: 128, seenChanges: 10_000 };

/** What no configuration may exceed. */
export const maximumLimits: Limits = { operations: 10_000, fileBytes: 50 * tebibyte, depth: 1_024, seenChanges: 100_000 };

/** Bytes of one name in UTF-8: fixed, because file systems fix it. */
export const maxNameBytes = 255;
/** Bytes of a symlink's target in UTF-8 (PATH_MAX less its final NUL). */
export const maxTargetBytes = 4_095;
/** Bytes of one chunk. */
export const maxChunkBytes = 8 * 1024 * 1024;
/** Entries under a folder that moves to another drive, those in the trash counted: they move in one transaction. */
export const maxMovedEntries = 200_000;
/** Chunks of a list that travels inline; a longer one is segmented. */
export const inlineChunks = 64;
