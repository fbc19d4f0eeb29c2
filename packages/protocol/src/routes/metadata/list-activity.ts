import { changeActions } from '@driftbox/domain';
import { z } from 'zod';
import { deviceIdField, driveIdField, entryIdField, pageOf, pageQuery, revField, seqField, timeField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

/** Something that was done: what, by whom, from which device, and when. */
const deed = z.object({
  /** Its place in the drive's journal; of what an entry brought along from another drive, that of its arrival. */
  seq: seqField,
  entryId: entryIdField,
  /** The name that the entry had after it; absent for what is not in the drive any more. */
  name: z.string().optional(),
  rev: revField,
  /** Absent for what was done in another drive, before the entry came here. */
  action: z.enum(changeActions).optional(),
  by: userIdField.optional(),
  /** As the tenant knows them, also when they have left it. */
  byName: z.string().optional(),
  device: deviceIdField.optional(),
  at: timeField.optional(),
});
export type Deed = z.output<typeof deed>;

export const listActivity = defineRoute({
  name: 'listActivity',
  service: 'metadata',
  method: 'GET',
  path: '/v1/drives/:drive/activity',
  summary: 'What was done in a drive, or to one entry of it, newest first',
  auth: 'user',
  params: z.object({ drive: driveIdField }),
  /** Of one entry it is told by its retained revisions; of the drive by its journal. */
  query: pageQuery(100, 1000).extend({ entry: entryIdField.optional() }),
  answer: pageOf(deed),
  errors: ['not_found', 'moved'],
});
