import { z } from 'zod';
import { countField, uuidField } from '../../fields.ts';

/** One step of restoring a tenant's rows in a service: `begin` until it answers `ready`, then rows in their order, then `end`. */
export const restoreStep = z.discriminatedUnion('step', [
  /** `replace`: rows that are there go first; without it they refuse the restore. */
  z.object({ step: z.literal('begin'), restoreId: uuidField, replace: z.boolean().default(false) }),
  z.object({
    step: z.literal('rows'),
    restoreId: uuidField,
    table: z.string().min(1).max(63),
    rows: z.array(z.record(z.string(), z.unknown())).max(1_000),
  }),
  z.object({ step: z.literal('end'), restoreId: uuidField }),
  /** Removes what came so far. */
  z.object({ step: z.literal('abandon'), restoreId: uuidField }),
]);

/** How far it is: `emptying` means that the step is to be sent again. `rows` has those of each table once it is `restored`. */
export const restoreState = z.object({
  state: z.enum(['emptying', 'ready', 'restored', 'abandoned']),
  rows: z.record(z.string(), countField),
});

/** Bytes of one step at most. */
export const restoreStepBytes = 64 * 2 ** 20;
