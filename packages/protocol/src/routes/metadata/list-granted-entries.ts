import { z } from 'zod';
import { entryRoleField, pageOf, pageQuery, seqField, timeField, userIdField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { entry } from './entry.ts';

/** A file or folder that somebody let the caller in to, with the strongest role that they hold on it itself. */
const grantedEntry = z.object({
  entry,
  role: entryRoleField,
  grantedBy: userIdField,
  grantedByName: z.string(),
  grantedAt: timeField,
  /** What a commit to its drive names. */
  driveEpoch: uuidField,
  seq: seqField,
});
export type GrantedEntry = z.output<typeof grantedEntry>;

export const listGrantedEntries = defineRoute({
  name: 'listGrantedEntries',
  service: 'metadata',
  method: 'GET',
  path: '/v1/granted',
  summary: 'The single files and folders that the caller, or a group of theirs, was let in to, by name; what is in the trash is left out',
  auth: 'user',
  query: pageQuery(100, 1000),
  answer: pageOf(grantedEntry),
});
