import { z } from 'zod';
import { countField, driveIdField, revField, sizeField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

const inDrive = { drive: driveIdField, owner: userIdField };
const lost = { ...inDrive, repaired: z.literal(false) };

/** One thing about a drive, or about what the tenant and its people hold, that is not as it should be. */
export const driveFinding = z.discriminatedUnion('problem', [
  /** The journal lacks changes: how many, and the first of them. */
  z.object({ problem: z.literal('journal_gap'), changes: countField, firstSeq: revField, ...lost }),
  /** Entries whose newest revision or folder is not there, or that are ahead of the journal. */
  z.object({ problem: z.literal('tree_broken'), entries: countField, ...lost }),
  /** How far the drive's lines are from its rows. */
  z.object({ problem: z.literal('drive_ledger_drift'), bytes: sizeField, files: countField, ...inDrive, repaired: z.boolean() }),
  /** How far what the tenant and its people hold together is from the lines of all drives. */
  z.object({ problem: z.literal('holdings_drift'), bytes: sizeField, files: countField, repaired: z.boolean() }),
]);

export const checkDrives = defineRoute({
  name: 'checkDrives',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/check',
  summary: 'Check the next drives of the tenant: journals, trees, ledgers; and after the last of them what people hold',
  auth: 'service',
  body: z.object({ after: driveIdField.optional(), limit: z.number().int().min(1).max(100), repair: z.boolean().default(false) }),
  answer: z.object({
    drives: countField,
    findings: z.array(driveFinding),
    /** Where to go on; absent at the end. */
    last: driveIdField.optional(),
  }),
});
