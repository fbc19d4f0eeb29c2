import { z } from 'zod';
import { countField, cursorField, digestField, sizeField, tenantIdField } from '../../fields.ts';
import { defineRoute } from '../../route.ts';
import { driveFinding } from './check-drives.ts';
import { affectedRevision } from './find-affected.ts';

const ledger = z.object({ packBytes: sizeField, liveBytes: sizeField, packs: countField, chunks: countField });

/** One thing that is not as it should be. */
export const finding = z.discriminatedUnion('problem', [
  z.object({
    /** A chunk whose pack, or whose part of it, is gone; one that does not verify; one that a revision names and nobody has. */
    problem: z.enum(['chunk_missing', 'chunk_corrupt', 'chunk_unknown']),
    digest: digestField,
    packId: z.string().optional(),
    revisions: z.array(affectedRevision),
    /** Whether a pack had one that nobody knew of, and it is known again. */
    repaired: z.boolean(),
  }),
  z.object({ problem: z.literal('ledger_drift'), kept: ledger, counted: ledger, repaired: z.boolean() }),
  ...driveFinding.options,
]);
export type Finding = z.output<typeof finding>;

export const checkTenantInUpload = defineRoute({
  name: 'checkTenantInUpload',
  service: 'upload',
  method: 'POST',
  path: '/admin/v1/upload/tenants/:tenant/check',
  summary: 'Check some of what is held for a tenant: packs, references, ledger, drives; ask again with `place` until there is none',
  auth: 'admin',
  params: z.object({ tenant: tenantIdField }),
  body: z.object({ place: cursorField.optional(), repair: z.boolean().default(false) }),
  answer: z.object({
    /** Where the next call goes on; absent at the end. */
    place: cursorField.optional(),
    packs: countField,
    packBytes: sizeField,
    /** Chunks that lists name, and that were looked up. */
    references: countField,
    /** Drives whose journal, tree and lines were checked. */
    drives: countField,
    findings: z.array(finding),
  }),
  errors: ['invalid_argument', 'not_found', 'unavailable'],
});
