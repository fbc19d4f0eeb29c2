import { z } from 'zod';
import { whole } from '../schema/fields.ts';
import { namedList } from '../schema/lists.ts';

const condition = z.strictObject({
  type: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Z][A-Za-z]*$/)
    .describe('What it is about: Ready, Reconciling, Stalled, or one concern.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('True, False or Unknown.'),
  reason: z
    .string()
    .min(1)
    .max(128)
    .regex(/^[A-Z][A-Za-z0-9]*$/)
    .describe('Why, in one word that programs may rely on (docs/conditions.md).'),
  message: z.string().max(4_096).describe('Why, for people.'),
  lastTransitionTime: z.string().max(40).meta({ format: 'date-time' }).describe('When status last changed.'),
  observedGeneration: whole(0, Number.MAX_SAFE_INTEGER).describe('The generation of the spec that this is about.'),
});

/** What the operator knows about the object, by type. */
export const conditions = namedList(condition, 'type', 32)
  .optional()
  .describe('What the operator knows about it, one condition for each concern.');

/** Which spec the status is about. */
export const observedGeneration = whole(-1, Number.MAX_SAFE_INTEGER)
  .default(-1)
  .describe('The generation of the spec that the status is about; -1 until the operator has looked at it.');

/** The answer to the annotation that asks for a pass. */
export const requestedAt = z
  .string()
  .max(256)
  .optional()
  .describe('The last value of the annotation driftbox.io/requested-at that a pass has answered.');

/** The answer to the annotation that asks for a plan. */
export const plan = z
  .string()
  .max(32_768)
  .optional()
  .describe('What a pass would change, while the annotation driftbox.io/plan asks for it.');

/** A size that the operator has measured or taken over. */
export const measured = z.string().max(32);

/** How many of something there are. */
export const count = whole(0, Number.MAX_SAFE_INTEGER);

/** How whole content is, as scrubbing has found it; the day alone, so that it is not written anew all the time. */
export const contentState = z
  .strictObject({
    verifiedSince: z
      .string()
      .max(10)
      .meta({ format: 'date' })
      .optional()
      .describe('Each pack was read and verified, or written, on this day (UTC) or later.'),
    damagedChunks: count.optional().describe('Chunks that cannot be read. The files that have them are named to their owners.'),
  })
  .optional();

/** A moment that the operator has seen. */
export const time = z.string().max(40).meta({ format: 'date-time' });
