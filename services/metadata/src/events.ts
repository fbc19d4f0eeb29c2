import type {
  Change,
  ChangeAction,
  CommitDone,
  DeviceId,
  Drive,
  DriveId,
  EntryId,
  EntryRole,
  GroupId,
  Role,
  SubjectId,
  UserId,
} from '@driftbox/domain';
import type { Asker } from './access-drive.ts';

/** Topic of facts about files and drives; keyed by drive, so that order per drive holds. */
export const filesTopic = 'driftbox.files';
/** Most changes that one event lists; consumers read the journal for more. */
const maxListed = 1000;

const types: { readonly [A in ChangeAction]: string } = {
  created: 'file.uploaded',
  content: 'file.changed',
  attributes: 'file.changed',
  moved: 'file.changed',
  trashed: 'file.deleted',
  untrashed: 'file.restored',
  restored: 'file.restored',
  purged: 'file.deleted',
  movedAway: 'file.deleted',
};

/** One event for one commit: what changed, or only which stretch of the journal when that is long. */
export function filesCommitted(drive: Drive, done: CommitDone) {
  const { driveId, epoch } = drive;
  const stretch = { drive: driveId, driveEpoch: epoch, fromSeq: drive.seq + 1, toSeq: done.seq };
  const data = done.changes.length > maxListed ? { ...stretch, truncated: true } : { ...stretch, changes: done.changes.map(listed) };
  return { topic: filesTopic, key: driveId, type: 'files.committed', subject: driveId, data };
}

function listed({ seq, entryId, rev, action, by, device }: Change) {
  return { type: types[action], action, seq, entryId, rev, by, device };
}

/** A drive came to be. */
export function driveCreated(drive: DriveId, owner: UserId, kind: 'home' | 'shared') {
  return { topic: filesTopic, key: drive, type: 'drive.created', subject: drive, data: { drive, owner, kind } };
}

/** A drive has another owner. */
export function driveChanged(drive: DriveId, owner: UserId) {
  return { topic: filesTopic, key: drive, type: 'drive.changed', subject: drive, data: { drive, owner } };
}

/** A drive is no more: it became a folder of the drive `into`. */
export function driveRemoved(drive: DriveId, owner: UserId, into: DriveId) {
  return { topic: filesTopic, key: drive, type: 'drive.removed', subject: drive, data: { drive, owner, into } };
}

type GrantChange = {
  readonly subject: SubjectId;
  readonly role: Role | null;
  readonly people: readonly UserId[];
  readonly driveName: string;
};

/**
 * A person or group has a role on a drive, another one, or (`null`) none any more; `people` are those whose access changes,
 * `by` is who changed it.
 */
export function grantChanged({ driveId, userId }: Asker, changed: GrantChange) {
  const data = { drive: driveId, ...changed, by: userId };
  return { topic: filesTopic, key: driveId, type: 'grant.changed', subject: changed.subject, data };
}

/** The same of a single entry: nobody's drives are others by it. */
export function entryGrantChanged(
  { driveId, userId }: Asker,
  changed: Omit<GrantChange, 'role' | 'driveName'> & {
    readonly role: EntryRole | null;
    readonly entryId: EntryId;
    readonly entryName: string;
  },
) {
  const data = { drive: driveId, ...changed, by: userId };
  return { topic: filesTopic, key: driveId, type: 'entry_grant.changed', subject: changed.subject, data };
}

/** People came into a group or left it, or it ended: their drives are others now. */
export function groupChanged(group: GroupId, people: readonly UserId[]) {
  return { topic: filesTopic, key: group, type: 'group.changed', subject: group, data: { group, people } };
}

/** A device that deleted or rewrote improbably much is held; `people` are those to be told. */
export function deviceHeld(held: {
  readonly device: DeviceId | UserId;
  readonly user: UserId;
  readonly drive: DriveId;
  readonly files: number;
  readonly limitFiles: number;
  readonly since: string;
}) {
  const { drive, device, user } = held;
  return { topic: filesTopic, key: drive, type: 'device.held', subject: device, data: { ...held, people: [user] } };
}

/** A holder has come near to a limit, or has reached it; `people` are those to be told. */
export function quotaWarned(warned: {
  readonly drive: DriveId;
  readonly owner: UserId;
  readonly people: readonly UserId[];
  /** Whose limit. */
  readonly limit: 'user' | 'tenant';
  readonly percent: number;
  readonly limitBytes: number;
}) {
  const { drive, owner, ...rest } = warned;
  return { topic: filesTopic, key: drive, type: 'quota.warned', subject: owner, data: { drive, ...rest } };
}

/** Some of what is stored of files of a drive cannot be read: `entryId` and `name` are of one of so many. */
export function contentDamaged(damaged: {
  readonly drive: DriveId;
  readonly owner: UserId;
  readonly entryId: string;
  readonly name: string;
  readonly files: number;
}) {
  const { drive, owner, ...rest } = damaged;
  return { topic: filesTopic, key: drive, type: 'content.damaged', subject: drive, data: { drive, ...rest, people: [owner] } };
}
