import type { Brand } from './brand.ts';

/** An isolated customer. */
export type TenantId = Brand<string, 'TenantId'>;
/** A person in a tenant. */
export type UserId = Brand<string, 'UserId'>;
/** People of a tenant who hold roles together. */
export type GroupId = Brand<string, 'GroupId'>;
/** Who may hold a role: a person or a group. */
export type SubjectId = UserId | GroupId;
/** One installation of a client. */
export type DeviceId = Brand<string, 'DeviceId'>;
/** One sign-in of a user on a device. */
export type SessionId = Brand<string, 'SessionId'>;
/** The root of one synced tree. */
export type DriveId = Brand<string, 'DriveId'>;
/** A file, folder, symlink or mount; made by the client that creates it, never reused. Also the id of a drive's root folder. */
export type EntryId = Brand<string, 'EntryId'>;
/** A resumable transfer; made by the client. */
export type UploadId = Brand<string, 'UploadId'>;
/** One commit as forwarded to metadata; made by the upload service. */
export type CommitId = Brand<string, 'CommitId'>;
/** The client's name for one write to one entry: asking again with it answers the original outcome. */
export type WriteId = Brand<string, 'WriteId'>;

const canonicalUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a UUID in its canonical form (RFC 9562: lower case, hyphens). */
export function isUuid(text: string): boolean {
  return canonicalUuid.test(text);
}

function uuidParser<Id extends Brand<string, string>>(): (text: string) => Id | undefined {
  return (text) => (isUuid(text) ? (text as Id) : undefined);
}

/** Each parser takes a canonical UUID and answers the branded id, or `undefined` for anything else. */
export const parseTenantId = uuidParser<TenantId>();
export const parseUserId = uuidParser<UserId>();
export const parseGroupId = uuidParser<GroupId>();
export const parseSubjectId = uuidParser<SubjectId>();
export const parseDeviceId = uuidParser<DeviceId>();
export const parseSessionId = uuidParser<SessionId>();
export const parseDriveId = uuidParser<DriveId>();
export const parseEntryId = uuidParser<EntryId>();
export const parseUploadId = uuidParser<UploadId>();
export const parseCommitId = uuidParser<CommitId>();
export const parseWriteId = uuidParser<WriteId>();
