import {
  parseCommitId,
  parseDeviceId,
  parseDigest,
  parseDriveId,
  parseEntryId,
  parseGroupId,
  parseSessionId,
  parseSubjectId,
  parseTenantId,
  parseUploadId,
  parseUserId,
  parseWriteId,
  roles,
  entryRoles,
  tenantRoles,
} from '@driftbox/domain';
import { z } from 'zod';

function parsed<T extends string>(parse: (text: string) => T | undefined, what: string, pattern: string) {
  return z
    .string()
    .max(64)
    .regex(new RegExp(pattern), `is not ${what}`)
    .transform((text, context): T => {
      const value = parse(text);
      if (value !== undefined) return value;
      context.addIssue(`is not ${what}`);
      return z.NEVER;
    });
}

const uuid = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** Ids on the wire: canonical UUIDs. */
export const tenantIdField = parsed(parseTenantId, 'a tenant id', uuid);
export const userIdField = parsed(parseUserId, 'a user id', uuid);
export const groupIdField = parsed(parseGroupId, 'a group id', uuid);
export const subjectIdField = parsed(parseSubjectId, 'a person or group id', uuid);
export const deviceIdField = parsed(parseDeviceId, 'a device id', uuid);
export const sessionIdField = parsed(parseSessionId, 'a session id', uuid);
export const driveIdField = parsed(parseDriveId, 'a drive id', uuid);
export const entryIdField = parsed(parseEntryId, 'an entry id', uuid);
export const uploadIdField = parsed(parseUploadId, 'an upload id', uuid);
export const commitIdField = parsed(parseCommitId, 'a commit id', uuid);
export const writeIdField = parsed(parseWriteId, 'a write id', uuid);
export const uuidField = z.string().regex(new RegExp(uuid), 'is not a UUID');

/** A SHA-256 in lower-case hex. */
export const digestField = parsed(parseDigest, 'a SHA-256 digest in hex', '^[0-9a-f]{64}$');

export const roleField = z.enum(roles);
/** A role on a single file or folder. */
export const entryRoleField = z.enum(entryRoles);
/** What a link allows: to read what it names, or to put files into the folder that it names, and to see nothing there. */
export const linkRoleField = z.enum(['viewer', 'uploader']);
export const tenantRoleField = z.enum(tenantRoles);

/** RFC 3339 in UTC, for example `2026-01-31T12:00:00.000Z`. */
export const timeField = z.iso.datetime();
/** A whole number of bytes, exact up to 2^53 - 1. */
export const sizeField = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
export const countField = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A positive counter: a revision or a place in a journal. */
export const revField = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
export const seqField = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** An entry's name as sent; the server normalises it to NFC and applies the name rules of domain. */
export const nameField = z.string().min(1).max(1024);
/** The server's name for a place in a list; clients only hand it back. */
export const cursorField = z.string().min(1).max(512);
export const emailField = z.string().trim().toLowerCase().max(254).pipe(z.email());
export const passwordField = z.string().min(10, 'needs at least 10 characters').max(256);
/** A secret that arrives in a mail or a link. */
export const secretField = z.string().min(16, 'is not complete: copy all of it from the mail or link').max(512);

/** The query of a paged list: `limit` rows at most, default `initial`. */
export function pageQuery(initial: number, maximum: number) {
  return z.object({ cursor: cursorField.optional(), limit: z.coerce.number().int().min(1).max(maximum).default(initial) });
}

/** A page of `items`; `nextCursor` is absent on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: cursorField.optional() });
}
