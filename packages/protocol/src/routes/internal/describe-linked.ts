import { z } from 'zod';
import { countField, driveIdField, entryIdField, roleField, uuidField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { linkedEntry } from './linked-entry.ts';
import { linkPolicy } from './tenant-intent.ts';

export const describeLinked = defineRoute({
  name: 'describeLinked',
  service: 'metadata',
  method: 'GET',
  path: '/internal/v1/drives/:drive/entries/:entry/linked',
  summary: 'An entry for share: to the acting user if they may make links to it; to the holder of a link while its creator still may',
  auth: 'service',
  params: z.object({ drive: driveIdField, entry: entryIdField }),
  answer: z.object({
    entry: linkedEntry,
    driveEpoch: uuidField,
    /** Of the acting user on the drive. */
    role: roleField,
    /** The acting user's name; empty while it is not known here. */
    sharedBy: z.string(),
    policy: linkPolicy,
    /** How many links the tenant may have. */
    mostLinks: countField,
  }),
  /** `moved`, with the drive, to the holder of a link whose very entry is in another drive now that its creator may read. */
  errors: ['not_found', 'permission_denied', 'moved'],
});
