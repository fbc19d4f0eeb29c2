import { z } from 'zod';
import { driveIdField, sizeField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';

/** The lines of a logical ledger, in bytes. */
export const ledgerLines = z.object({ current: sizeField, history: sizeField, trash: sizeField, inFlight: sizeField, files: sizeField });

export const getUsage = defineRoute({
  name: 'getUsage',
  service: 'metadata',
  method: 'GET',
  path: '/v1/usage',
  summary: 'What the caller holds, line by line, and the limits',
  auth: 'user',
  answer: z.object({
    user: ledgerLines.extend({ limitBytes: sizeField.optional() }),
    /** Only for administrators of the tenant. */
    tenant: ledgerLines.extend({ limitBytes: sizeField.optional() }).optional(),
    drives: z.array(ledgerLines.extend({ drive: driveIdField, name: z.string() })),
  }),
});
