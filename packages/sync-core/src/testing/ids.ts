import type { Digest, DriveId, EntryId, UserId, WriteId } from '@driftbox/domain';

function uuid(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

/** The n-th entry of a test; they sort by n, as ids made one after the other do. */
export const idOf = (n: number) => uuid(n) as EntryId;
export const writeIdOf = (n: number) => uuid(n) as WriteId;
export const rootId = uuid(0xffff_ffff) as EntryId;
export const driveId = uuid(0xd) as DriveId;
/** A shared drive that may be mounted. */
export const mountOf = { kind: 'mount', drive: uuid(0xd2) as DriveId, rootId: uuid(0xffff_fffe) as EntryId } as const;
export const user = uuid(0xa11ce) as UserId;

/** A content, told apart by a number. */
export function digestOf(content: number): Digest {
  return content.toString(16).padStart(64, '0') as Digest;
}
