import { z } from 'zod';
import { driveIdField, entryIdField, nameField, revField, seqField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { drive } from './drive.ts';

/** The folder that is to become a drive, as its owner has seen it: `seenSeq` is the newest change that they knew of. */
const from = z.object({ drive: driveIdField, entryId: entryIdField, baseRev: revField, seenSeq: seqField });

export const createDrive = defineRoute({
  name: 'createDrive',
  service: 'metadata',
  method: 'POST',
  path: '/v1/drives',
  summary: 'Create an empty drive owned by the caller, or make one of a folder in a home drive, mounted where the folder was',
  auth: 'user',
  // Strict: whoever names both means something that neither does.
  body: z.union([z.strictObject({ name: nameField }), z.strictObject({ from })]),
  status: 201,
  answer: drive,
  errors: ['not_found', 'permission_denied', 'moved', 'revision_conflict', 'too_large', 'locked'],
});
