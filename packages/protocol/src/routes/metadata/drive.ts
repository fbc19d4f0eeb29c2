import { z } from 'zod';
import { driveIdField, entryIdField, roleField, seqField, timeField, userIdField, uuidField } from '../../fields.ts';

/** A drive and what the caller may do in it. `rootId` is the parent of its top-level entries and no entry itself. */
export const drive = z.object({
  drive: driveIdField,
  rootId: entryIdField,
  name: z.string(),
  kind: z.enum(['home', 'shared']),
  owner: userIdField,
  role: roleField,
  driveEpoch: uuidField,
  /** The newest place in the journal. */
  seq: seqField,
  createdAt: timeField,
});
export type Drive = z.output<typeof drive>;
