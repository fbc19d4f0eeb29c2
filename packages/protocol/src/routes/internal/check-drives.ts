import { z } from 'zod';
import { countField, driveIdField, revField, sizeField, userIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

const inDrive = { drive: driveIdField, owner: userIdField, repaired: z.literal(false) };

/** One thing about a drive that is not as it should be. */
export const driveFinding = z.discriminatedUnion('problem', [
  /** The journal lacks changes: how many, and the first of them. */
  z.object({ problem: z.literal('journal_gap'), changes: countField, firstSeq: revField, ...inDrive }),
  /** Entries whose newest revision or folder is not there, or that are ahead of the journal. */
  z.object({ problem: z.literal('tree_broken'), entries: countField, ...inDrive }),
  /** How far the drive's lines are from its rows. */
  z.object({ problem: z.literal('drive_ledger_drift'), bytes: sizeField, files: countField, ...inDrive }),
]);

export const checkDrives = defineRoute({
  name: 'checkDrives',
  service: 'metadata',
  method: 'POST',
  path: '/internal/v1/drives/check',
  summary: 'Check the next drives of the tenant: journals, trees, ledgers',
  auth: 'service',
  body: z.object({ after: driveIdField.optional(), limit: z.number().int().min(1).max(100) }),
  answer: z.object({
    drives: countField,
    findings: z.array(driveFinding),
    /** Where to go on; absent at the end. */
    last: driveIdField.optional(),
  }),
});
