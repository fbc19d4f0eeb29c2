import type { DriveId, EntryId, UserId } from './ids.ts';
import type { Content } from './operation.ts';

/** What an entry may be. It is decided when the entry is made and never changes. */
export const entryKinds = ['file', 'folder', 'symlink', 'mount'] as const;
export type EntryKind = (typeof entryKinds)[number];

/**
 * What an entry holds, by kind. `mtimeMs` is the time the client's file system showed (milliseconds since the epoch,
 * any sign), never the server's clock. A mount is the place where another drive shows up in a home drive.
 */
export type Body =
  | { readonly kind: 'file'; readonly content: Content; readonly mtimeMs: number; readonly executable: boolean }
  | { readonly kind: 'folder' }
  | { readonly kind: 'symlink'; readonly target: string; readonly mtimeMs: number }
  | { readonly kind: 'mount'; readonly drive: DriveId };

/** Where an entry is: the folder that holds it (a drive's `rootId` at the top) and its NFC name there. */
export type Place = { readonly parentId: EntryId; readonly name: string };

/** Who moved an entry to the trash, in which change, when. */
export type Trashed = { readonly seq: number; readonly atMs: number; readonly by: UserId };

/**
 * The newest state of a file, folder, symlink or mount: one row. The root of a drive is not an entry.
 *
 * Three counters per entry let a stale writer through when, and only when, nothing it touches has moved since:
 * `rev` counts every change; `contentRev` is the `rev` that last changed what the entry holds (bytes, target,
 * attributes); `placeRev` the one that last changed where it is (parent, name, into the trash and out of it).
 * Always `1 <= contentRev, placeRev <= rev = max(contentRev, placeRev)`.
 */
export type Entry = Place & {
  readonly entryId: EntryId;
  readonly rev: number;
  readonly contentRev: number;
  readonly placeRev: number;
  /** The change that made this state: the drive's `seq` then. */
  readonly seq: number;
  /**
   * Set on an entry that was deleted itself. Its descendants carry nothing: an entry is live when neither it nor any
   * ancestor is trashed, so that deleting a folder of a million files writes one row.
   */
  readonly trashed: Trashed | undefined;
  readonly body: Body;
};

/** The bytes an entry or a revision counts for in a ledger: a file's size, nothing for every other kind. */
export function bytesOf(body: Body): number {
  return body.kind === 'file' ? body.content.sizeBytes : 0;
}
