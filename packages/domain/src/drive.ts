import type { DriveId, EntryId } from './ids.ts';
import type { Ledger } from './ledger.ts';

/** Every user has one home drive; a shared drive shows up as a mount in its members' home drives. */
export const driveKinds = ['home', 'shared'] as const;
export type DriveKind = (typeof driveKinds)[number];

/** The row of a drive that a commit locks, reads and writes. */
export type Drive = {
  readonly driveId: DriveId;
  /** The parent of top-level entries. It is no entry: it cannot be renamed, moved or deleted, and has no row. */
  readonly rootId: EntryId;
  readonly kind: DriveKind;
  /** Made anew when the drive is restored from a backup: cursors of another epoch are refused. */
  readonly epoch: string;
  /** The newest change; 0 for a drive nobody has written to. */
  readonly seq: number;
  /** True while an administrator holds all writes back: every operation then answers `locked`. */
  readonly locked: boolean;
  readonly ledger: Ledger;
};
