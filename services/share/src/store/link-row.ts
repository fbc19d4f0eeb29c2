import type { DriveId, EntryId, UserId } from '@driftbox/domain';

/** A link as it is stored, times in milliseconds. */
export type LinkRow = {
  readonly linkId: string;
  readonly tokenHash: Buffer;
  readonly drive: DriveId;
  readonly entryId: EntryId;
  readonly kind: 'file' | 'folder';
  readonly role: 'viewer' | 'uploader';
  readonly creator: UserId;
  readonly passwordHash: string | null;
  readonly expiresMs: number | null;
  readonly maxDownloads: number | null;
  readonly notifyOnUse: boolean;
  readonly downloads: number;
  readonly uploads: number;
  readonly createdMs: number;
  readonly lastUsedMs: number | null;
};

/** The select list of a `LinkRow`. */
export const linkColumns = `link_id AS "linkId", token_hash AS "tokenHash", drive_id AS drive, entry_id AS "entryId", kind, role, creator,
  password_hash AS "passwordHash", expires_at AS "expiresMs", max_downloads AS "maxDownloads", notify_on_use AS "notifyOnUse",
  downloads, uploads, created_at AS "createdMs", last_used_at AS "lastUsedMs"`;
