import type { ChunkRef, Digest } from './digest.ts';
import type { DriveId, EntryId, WriteId } from './ids.ts';

/**
 * The content of a file as the commit rule sees it, after the upload service has checked possession: up to
 * `inlineChunks` chunks travel inline, a longer list only by the id of its root (its segments are stored already).
 */
export type Content = {
  readonly listId: Digest;
  readonly sizeBytes: number;
  /** The whole list when it is inline; `undefined` for a segmented one. An empty file has an empty list. */
  readonly chunks: readonly ChunkRef[] | undefined;
};

type OnEntry = { readonly writeId: WriteId; readonly entryId: EntryId };
type Placed = { readonly parentId: EntryId; readonly name: string };
/** A place, or "where it is": both fields or neither; one alone is an `invalid_argument`. */
type MaybePlaced = { readonly parentId?: EntryId | undefined; readonly name?: string | undefined };
/** `null` says "this entry does not exist yet", and then `parentId` and `name` are required. */
type Written = MaybePlaced & { readonly baseRev: number | null };

/** What is left out stays as it is. */
type Attributes = { readonly mtimeMs?: number | undefined; readonly executable?: boolean | undefined };
/** The revision that a copy takes its content from, in any drive the actor may read. */
export type CopySource = { readonly drive: DriveId; readonly entryId: EntryId; readonly rev: number };

/**
 * One operation of a commit. `rev` and `seq` are positive integers, times are milliseconds since the epoch. `baseRev` is the revision
 * that the writer had seen: what others changed since, of what the operation changes, refuses it with `revision_conflict`.
 */
export type Operation =
  | (OnEntry & Placed & { readonly op: 'createFolder' })
  | (OnEntry & Written & Attributes & { readonly op: 'putFile'; readonly content: Content; readonly mtimeMs: number })
  | (OnEntry & Written & { readonly op: 'putSymlink'; readonly target: string; readonly mtimeMs: number })
  /** Shows a shared drive that the actor holds a grant on, in a home drive. */
  | (OnEntry & Placed & { readonly op: 'putMount'; readonly drive: DriveId })
  | (OnEntry & Attributes & { readonly op: 'setAttributes'; readonly baseRev: number })
  /** A file or a symlink; moves no bytes. */
  | (OnEntry & Placed & { readonly op: 'copy'; readonly from: CopySource })
  | (OnEntry & Placed & { readonly op: 'move'; readonly baseRev: number; readonly toDrive?: DriveId | undefined })
  /** Takes everything below with it, unless others did something in there after `seenSeq`, the newest change that the writer had read. */
  | (OnEntry & { readonly op: 'delete'; readonly baseRev: number; readonly seenSeq: number })
  /** To the place that is named, else back to where it was. */
  | (OnEntry & MaybePlaced & { readonly op: 'untrash' })
  | (OnEntry & { readonly op: 'restoreRevision'; readonly rev: number })
  /** For good, with everything below; only what is in the trash. Ids are never used again. */
  | (OnEntry & { readonly op: 'purge' });

/** The state that a stale writer had not seen. */
export type CurrentState = { readonly rev: number; readonly seq: number; readonly deleted: boolean };
/** What the writer of a refused operation had not seen: its entry's newest state, or entries under a folder to be deleted. */
export type Unseen = { readonly current?: CurrentState | undefined; readonly entries?: readonly EntryId[] | undefined };
/** Which limit was reached, and how it stands: of bytes, with whose it is, or of the tenant's number of files. */
export type QuotaReached =
  | { readonly limit: 'drive' | 'user' | 'tenant' | 'file'; readonly limitBytes: number; readonly usedBytes: number }
  | { readonly limit: 'files'; readonly limitFiles: number; readonly usedFiles: number };

/** What became of one operation (protocol: commits). Only `committed` wrote anything. */
export type Outcome =
  | { readonly outcome: 'committed'; readonly entryId: EntryId; readonly rev: number; readonly seq: number }
  | ({ readonly outcome: 'revision_conflict' } & Unseen)
  /** By that entry. */
  | { readonly outcome: 'name_taken'; readonly entryId: EntryId }
  | { readonly outcome: 'chunk_missing'; readonly digests: readonly Digest[] }
  | ({ readonly outcome: 'quota_exceeded' } & QuotaReached)
  /** The entry, or the folder it was to go into, is in that drive now. */
  | { readonly outcome: 'moved'; readonly drive: DriveId }
  | { readonly outcome: 'invalid_argument'; readonly detail: string }
  | { readonly outcome: 'not_found' | 'too_large'; readonly detail?: string | undefined }
  /** `already_exists`: the id was used before, here or elsewhere. `aborted`: another operation of an atomic commit was refused. */
  | { readonly outcome: 'permission_denied' | 'already_exists' | 'locked' | 'aborted' };
